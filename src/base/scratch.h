// A folder for what lives no longer than the object: below the system's temporary folder, under a name that nobody else
// has, removed with all that lies in it. Owned by whoever made it; one thread. Its path is empty where none is made.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace keisei {

class Scratch {
 public:
  /// `purpose`: a word for its name, so that one left by a crash tells where it comes from.
  explicit Scratch(const std::string& purpose) {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / ("keisei-" + purpose + "-XXXXXX")).string();
    if (!error && ::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Scratch() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace keisei
