#include "app/shared_libraries.h"

#include <elf.h>
#include <glob.h>
#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

namespace keisei::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxHeaders = 128;
constexpr std::size_t kMaxTableBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxConfLines = 1000;
constexpr int kMaxConfDepth = 4;

/// Bytes of a file by offset; false where they are not all there.
bool read_at(std::ifstream& file, std::uint64_t offset, void* into, std::size_t bytes) {
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(static_cast<char*>(into), static_cast<std::streamsize>(bytes));
  return static_cast<bool>(file);
}

void add_conf(const fs::path& path, std::vector<fs::path>& directories, int depth) {
  std::ifstream file(path);
  std::string line;
  for (std::size_t count = 0; count < kMaxConfLines && std::getline(file, line); ++count) {
    line.erase(std::min(line.find('#'), line.size()));
    std::istringstream words(line);
    std::string word;
    if (!(words >> word)) continue;
    if (word != "include") {
      directories.emplace_back(word);
      continue;
    }
    std::string pattern;
    if (depth >= kMaxConfDepth || !(words >> pattern)) continue;
    glob_t found{};
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
      for (std::size_t i = 0; i < found.gl_pathc; ++i) add_conf(found.gl_pathv[i], directories, depth + 1);
    }
    ::globfree(&found);
  }
}

void add_list(std::string_view list, const std::string& origin, std::vector<fs::path>& directories) {
  std::istringstream parts{std::string(list)};
  for (std::string part; std::getline(parts, part, ':');) {
    for (const char* name : {"$ORIGIN", "${ORIGIN}"}) {
      if (const std::size_t at = part.find(name); at != std::string::npos) part.replace(at, std::strlen(name), origin);
    }
    if (!part.empty()) directories.emplace_back(part);
  }
}

}  // namespace

Result<Needs> needs_of(const fs::path& program) {
  std::ifstream file(program, std::ios::binary);
  const auto bad = [&] { return fail(Code::kBadData, program.string() + " is no 64-bit ELF program"); };
  Elf64_Ehdr header{};
  if (!read_at(file, 0, &header, sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum > kMaxHeaders)
    return bad();
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  if (!read_at(file, header.e_phoff, segments.data(), segments.size() * sizeof(Elf64_Phdr))) return bad();
  const auto dynamic = std::find_if(segments.begin(), segments.end(), [](auto& s) { return s.p_type == PT_DYNAMIC; });
  if (dynamic == segments.end()) return Needs{};
  if (dynamic->p_filesz > kMaxTableBytes) return bad();
  std::vector<Elf64_Dyn> entries(dynamic->p_filesz / sizeof(Elf64_Dyn));
  if (!read_at(file, dynamic->p_offset, entries.data(), entries.size() * sizeof(Elf64_Dyn))) return bad();
  std::uint64_t address = 0, bytes = 0;
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag == DT_STRTAB) address = entry.d_un.d_ptr;
    if (entry.d_tag == DT_STRSZ) bytes = entry.d_un.d_val;
  }
  const auto holder = std::find_if(segments.begin(), segments.end(), [&](auto& s) {
    return s.p_type == PT_LOAD && address >= s.p_vaddr && address - s.p_vaddr < s.p_filesz;
  });
  if (holder == segments.end() || bytes == 0 || bytes > kMaxTableBytes) return bad();
  std::string names(bytes, '\0');
  if (!read_at(file, holder->p_offset + (address - holder->p_vaddr), names.data(), names.size())) return bad();
  names.back() = '\0';
  Needs needs;
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_un.d_val >= names.size()) continue;
    const char* text = names.c_str() + entry.d_un.d_val;
    if (entry.d_tag == DT_NEEDED) needs.libraries.emplace_back(text);
    if (entry.d_tag == DT_RUNPATH || entry.d_tag == DT_RPATH)
      add_list(text, program.parent_path().string(), needs.search_first);
  }
  return needs;
}

std::vector<fs::path> library_directories() {
  std::vector<fs::path> directories;
  if (const char* variable = std::getenv("LD_LIBRARY_PATH")) add_list(variable, ".", directories);
  add_conf("/etc/ld.so.conf", directories, 0);
  for (const char* standard : {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib",
                               "/usr/lib"})
    directories.emplace_back(standard);
  return directories;
}

std::optional<fs::path> find_library(const std::string& name, const std::vector<fs::path>& directories) {
  for (const fs::path& directory : directories) {
    std::error_code error;
    if (fs::exists(directory / name, error)) return directory / name;
  }
  return std::nullopt;
}

std::vector<std::string> loaded_libraries() {
  std::set<std::string> names;
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* into) {
        if (info->dlpi_name == nullptr || *info->dlpi_name == '\0') return 0;
        std::error_code error;
        const fs::path real = fs::canonical(info->dlpi_name, error);
        if (!error) static_cast<std::set<std::string>*>(into)->insert(real.filename().string());
        return 0;
      },
      &names);
  return {names.begin(), names.end()};
}

}  // namespace keisei::app
