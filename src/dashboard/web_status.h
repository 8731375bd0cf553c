// The HTTP status codes that the server answers with (RFC 9110, RFC 6585), so that what decides, what answers and what
// refuses before it reads name them alike.
#pragma once

namespace keisei::dashboard {

inline constexpr unsigned kBadRequest = 400;
inline constexpr unsigned kUnauthorized = 401;
inline constexpr unsigned kForbidden = 403;
inline constexpr unsigned kNotFound = 404;
inline constexpr unsigned kMethodNotAllowed = 405;
inline constexpr unsigned kTargetTooLong = 414;
inline constexpr unsigned kMisdirected = 421;
inline constexpr unsigned kUnprocessable = 422;
inline constexpr unsigned kHeaderTooLarge = 431;
inline constexpr unsigned kInternalError = 500;
inline constexpr unsigned kUnavailable = 503;

}  // namespace keisei::dashboard
