// Inside the store: what a RunDatabase holds. One SQLite connection and the mutex that serialises its calls.
#pragma once

#include <mutex>

#include "store/run_database.h"
#include "store/sqlite.h"

namespace keisei::store {

struct RunDatabase::Connection {
  explicit Connection(Sqlite opened) : db(std::move(opened)) {}
  std::mutex mutex;
  Sqlite db;

  /// Runs `body` alone.
  template <class Body>
  auto locked(Body body) {
    const std::lock_guard lock(mutex);
    return body();
  }
};

}  // namespace keisei::store
