// The option tables told to others: a Config as JSON, the JSON Schema of the file, and the two manual pages that are
// written from the rows. Pure; JSON stays behind describe.cpp.
#pragma once

#include <string>

#include "config/load.h"

namespace keisei::config {

/// {"schema": "keisei.config/1", "config": {section: {key: value}}, "origin": {...}, "warnings": [...], "hash": ...};
/// `auto` is the text "auto", an absent evaluation.random_seed is null.
[[nodiscard]] std::string to_json(const Loaded& loaded, bool with_origin);

/// JSON Schema (draft 2020-12) of a configuration file: every setting, old names marked as deprecated.
[[nodiscard]] std::string json_schema();

/// docs/configuration.md.
[[nodiscard]] std::string reference_page();
/// docs/migration.md.
[[nodiscard]] std::string migration_page();

}  // namespace keisei::config
