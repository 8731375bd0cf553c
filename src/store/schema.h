// Inside the store: the tables of run.db as a list of steps; version n is what the first n steps make, and is kept in
// PRAGMA user_version. A released step never changes: what comes later is another step, so an older database is brought
// forward by running the steps it lacks, in one transaction.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "store/sqlite.h"

namespace keisei::store {

inline constexpr int kApplicationId = 0x4B454953;  ///< "KEIS" in the database header

inline constexpr int kMaxVersion = 10'000;  ///< a greater one is damage, not a future

/// The steps of this program; their number is its schema version.
[[nodiscard]] std::span<const std::string_view> schema_steps();

/// The version of an open database; 0 for an empty one. kBadData when it belongs to another program.
[[nodiscard]] Result<int> schema_version(const Sqlite& db);

/// Brings `db` to version steps.size(). kBadData when its version is greater (nothing is changed then).
[[nodiscard]] Result<void> migrate(Sqlite& db, std::span<const std::string_view> steps);

/// kBadData that names both versions.
[[nodiscard]] tl::unexpected<Error> newer_schema(const Sqlite& db, int version, std::size_t known);

}  // namespace keisei::store
