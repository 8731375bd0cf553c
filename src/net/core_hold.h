// Keeps a thread of a team on a processor of its own. The members of such a team wait for each other at the end of a
// minibatch; where the scheduler puts two of them on one processor, even for a moment, all wait, and a step takes up to
// twice as long (one step in eight on 2 cores). Only a team that fills every processor it may use is held: with
// processors to spare the scheduler does well, and a neighbour's load can be avoided. On the stack of one thread.
#pragma once

#include <sched.h>

namespace keisei::net {

class CoreHold {
 public:
  /// Of member `index` (0 … threads - 1) of a team of `threads`.
  CoreHold(int index, int threads);
  /// The thread may use what it could before.
  ~CoreHold();
  CoreHold(const CoreHold&) = delete;
  CoreHold& operator=(const CoreHold&) = delete;

 private:
  cpu_set_t before_;
  bool held_ = false;
};

}  // namespace keisei::net
