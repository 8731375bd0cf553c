#include "evaluation/record_file.h"

#include "base/file.h"

namespace keisei::evaluation {

Result<void> write_records(const std::filesystem::path& path, std::span<const GameRecord> records) {
  std::string text;
  for (const GameRecord& record : records) {
    text += encode(record);
    text += '\n';
  }
  return write_durably(path, text);
}

Result<std::vector<GameRecord>> read_records(const std::filesystem::path& path) {
  const auto text = read_text(path, kMaxRecordFileBytes);
  if (!text) return tl::make_unexpected(text.error());
  std::vector<GameRecord> records;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    auto record = decode_record(line);
    if (!record) {
      return fail(Code::kBadData,
                  path.string() + ":" + std::to_string(records.size() + 1) + ": " + record.error().message,
                  record.error().hint);
    }
    records.push_back(*std::move(record));
  }
  return records;
}

}  // namespace keisei::evaluation
