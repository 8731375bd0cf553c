// keisei convert: a game record of one program as a file of another. Its words, its rows of flags and what runs it are
// here together, because nothing else needs them. The file that is written is whole or absent; nothing is printed by
// the parsing part.
#pragma once

#include <optional>
#include <string>

#include "app/flags.h"
#include "shogi/record_encoding.h"
#include "shogi/record_text.h"

namespace keisei::app {

struct ConvertArgs {
  std::string in;   ///< "-" is stdin
  std::string out;  ///< "-" is stdout
  shogi::RecordFormat from = shogi::RecordFormat::kKif;
  shogi::RecordFormat to = shogi::RecordFormat::kKif;
  std::optional<shogi::TextEncoding> encoding;  ///< of what is written; absent = what the name and format promise
  bool json = false;
};

[[nodiscard]] CommandSpec convert_command();
/// Formats by --from and --to, else by the names. kUsage where neither tells.
[[nodiscard]] Result<ConvertArgs> convert_args(const ParsedFlags& parsed);
/// 0, or the exit code of the error that was reported: 3 for a record that cannot be read or written so.
int run_convert(const ConvertArgs& args);

}  // namespace keisei::app
