// Notes of players as a field of a report, [{kind, player, text, times}], and one of them back. For the .cpp files that
// write and read reports as JSON. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "evaluation/json_fields.h"
#include "evaluation/player_note.h"

namespace keisei::evaluation {

[[nodiscard]] nlohmann::ordered_json json_of(std::span<const PlayerNote> notes);
[[nodiscard]] PlayerNote read_note(JsonFields& fields);

}  // namespace keisei::evaluation
