#include "app/web_page.h"

#include <utility>

#include "evaluation/record.h"
#include "evaluation/record_export.h"
#include "shogi/record_text.h"

namespace keisei::app {

dashboard::RecordWriter record_writer() {
  return [](std::string_view record, std::string_view format) -> Result<std::string> {
    const auto wanted = shogi::parse_record_format(format);
    if (!wanted) return tl::make_unexpected(wanted.error());
    const auto decoded = evaluation::decode_record(record);
    if (!decoded) return tl::make_unexpected(decoded.error());
    const auto text = evaluation::game_text(*decoded);
    if (!text) return tl::make_unexpected(text.error());
    return shogi::export_record(*text, *wanted);
  };
}

Result<std::unique_ptr<dashboard::WebServer>> serve_beside(const std::filesystem::path& savedir, std::uint16_t port,
                                                           const Clock& clock) {
  dashboard::WebOptions options;
  options.port = port;
  options.source.savedir = savedir;
  options.record_writer = record_writer();
  auto server = dashboard::WebServer::start(options, clock);
  if (server || port == 0) return server;
  options.port = 0;
  return dashboard::WebServer::start(std::move(options), clock);
}

}  // namespace keisei::app
