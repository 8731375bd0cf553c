// The bounds of the web server, each with its reason in its name: what a client may send, how long it may take, how
// many may be there, and how much of a run is kept in memory. They hold for a stranger who means harm as for a
// browser; with all of them used up the server stays below 32 MB. Seconds and bytes as the names say.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace keisei::dashboard {

// A connection.
inline constexpr std::uint32_t kMaxHeaderBytes = 8192;  ///< request line and all fields
inline constexpr std::size_t kMaxTargetBytes = 2048;    ///< path and query
inline constexpr std::chrono::seconds kHeaderDeadline{10};
inline constexpr std::chrono::seconds kIdleDeadline{30};   ///< between two requests
inline constexpr std::chrono::seconds kWriteDeadline{20};  ///< one answer, or one message of a live stream
inline constexpr std::size_t kMaxConnections = 512;        ///< beyond it the one that waits longest for a header goes
inline constexpr std::size_t kMaxLiveStreams = 128;

// Live streams.
inline constexpr std::chrono::milliseconds kPollInterval{200};  ///< between two looks at a followed run
inline constexpr std::chrono::seconds kHeartbeat{5};            ///< longest silence of a stream
inline constexpr std::chrono::seconds kStatusInterval{1};       ///< between two looks at who holds the run's lock

// A run in memory.
inline constexpr std::size_t kMaxBuckets = 1000;        ///< of a series: at most twice as many points
inline constexpr std::size_t kMaxServedSeries = 512;    ///< metric names of a run; further ones are left out
inline constexpr std::int64_t kRowsPerSlice = 4000;     ///< read between two answers to other clients
inline constexpr std::size_t kMaxEventsKept = 400;      ///< newest, without those kept apart below
inline constexpr std::size_t kMaxPairsKept = 400;       ///< newest
inline constexpr std::size_t kMaxSamplesKept = 48;      ///< games of self-play that ended, newest
inline constexpr std::size_t kMaxPromotionsKept = 400;  ///< newest
inline constexpr std::size_t kMaxEvaluationsShown = 2000;
inline constexpr std::size_t kMaxRatingsShown = 10'000;
inline constexpr std::size_t kMaxVerdictsShown = 7000;
inline constexpr std::size_t kMaxOpenRuns = 4;     ///< the one used longest ago is closed
inline constexpr std::size_t kMaxNamesAsked = 64;  ///< metrics in one request for series
inline constexpr std::int64_t kMaxGamesAsked = 60;
inline constexpr std::size_t kMaxConfigBytes = 1U << 20;
inline constexpr std::size_t kMaxMetricsBytes = 1U << 20;
inline constexpr std::chrono::seconds kRunListAge{3};  ///< a list of runs is answered again within it

}  // namespace keisei::dashboard
