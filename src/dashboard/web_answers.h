// Answers as bytes on the wire: the header with the fields that every answer bears (nothing from elsewhere may run or
// be framed, nothing is cached but files whose name changes with them), and the page's files. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "dashboard/web_api.h"
#include "dashboard/web_assets.h"

namespace keisei::dashboard {

/// Status line and fields, up to and with the empty line. `close` = the last answer of this connection.
[[nodiscard]] std::string header_text(const WebResponse& response, bool close);
/// The header of a live stream, which ends with the connection.
[[nodiscard]] std::string stream_header_text();
/// A file of the page, compressed where the client takes that; 304 where it has these very bytes.
[[nodiscard]] WebResponse asset_response(const WebAsset& asset, std::string_view accept_encoding,
                                         std::string_view if_none_match);
/// What stands at "/" in a build without the page.
[[nodiscard]] WebResponse no_page_response();

}  // namespace keisei::dashboard
