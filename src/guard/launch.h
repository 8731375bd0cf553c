// The launcher stage between the supervisor and a worker: a program without libtorch that puts limits, policy and
// isolation on itself and then becomes the worker. It exists because these must be in force before the worker's first
// instruction (static initialisers of a large library included), and posix_spawn can set few of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keisei::guard {

/// `<program> __launch [--parent PID] [--memory-mb N] [--stack-mb N] [--keep-fds N] [--cpus LIST] [--plain]
/// [--cage CAGE] [--env NAME=VALUE]… -- WORKER ARG…`; argv[0] and argv[1] are skipped up to the first option. CAGE is
/// encode(Cage): the program is a foreign one, and the listed environment is not for it. Returns only on failure (exit
/// code 126: a limit could not be set, 127: the worker could not be executed), with a sentence on stderr.
[[nodiscard]] int launch_main(int argc, char** argv);

/// True for a variable a worker may inherit: an allow-list, so that no secret crosses by being forgotten.
[[nodiscard]] bool inheritable_variable(std::string_view name);

}  // namespace keisei::guard
