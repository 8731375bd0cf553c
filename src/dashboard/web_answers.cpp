#include "dashboard/web_answers.h"

#include <algorithm>

namespace keisei::dashboard {
namespace {

constexpr std::string_view kAlways =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

std::string_view reason(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 414: return "URI Too Long";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    default: return "Internal Server Error";
  }
}

bool has_field(const WebResponse& response, std::string_view name) {
  return std::any_of(response.fields.begin(), response.fields.end(),
                     [&](const auto& field) { return field.first == name; });
}

}  // namespace

std::string header_text(const WebResponse& response, bool close) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason(response.status)) + "\r\n";
  if (response.status != 304) {
    out += "Content-Type: " + response.type + "\r\n";
    out += "Content-Length: " + std::to_string(response.body ? response.body->size() : 0) + "\r\n";
  }
  if (!has_field(response, "Cache-Control")) out += "Cache-Control: no-store\r\n";
  for (const auto& [name, value] : response.fields) out += name + ": " + value + "\r\n";
  if (response.status == 405) out += "Allow: GET, HEAD\r\n";
  if (response.status == 401) out += "WWW-Authenticate: Bearer\r\n";
  out += kAlways;
  out += close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n";
  return out;
}

std::string stream_header_text() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n" + std::string(kAlways) +
         "Connection: close\r\n\r\n";
}

WebResponse asset_response(const WebAsset& asset, std::string_view accept_encoding, std::string_view if_none_match) {
  WebResponse response;
  response.type = std::string(asset.type);
  response.fields = {{"ETag", std::string(asset.etag)},
                     {"Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
                     {"Vary", "Accept-Encoding"}};
  if (if_none_match == asset.etag) {
    response.status = 304;
    return response;
  }
  const bool small = !asset.gzip.empty() && accept_encoding.find("gzip") != accept_encoding.npos;
  if (small) response.fields.emplace_back("Content-Encoding", "gzip");
  response.body = std::make_shared<const std::string>(small ? asset.gzip : asset.plain);
  return response;
}

WebResponse no_page_response() {
  WebResponse response;
  response.type = "text/plain; charset=utf-8";
  response.body = std::make_shared<const std::string>(
      "This build of Keisei has no page: npm was missing, or could not fetch what the page is built with.\n"
      "The data is there all the same: /api/runs, /api/runs/NAME/state, /api/live?run=NAME\n");
  return response;
}

}  // namespace keisei::dashboard
