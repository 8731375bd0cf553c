// What looks like a key, a token or a password, wherever a text may carry one: keys are refused in settings that go to
// other services, and hidden in every text that an outlet gets. By form alone: the secrets themselves are never read
// from anywhere, so a secret that looks like ordinary text is not found. Pure.
#pragma once

#include <string>
#include <string_view>

namespace keisei::config {

inline constexpr std::string_view kHidden = "***";

/// The text with each secret replaced by kHidden: keys of known makers (AKIA..., ghp_..., wandb_v1_...), words of
/// exactly 40 hexadecimal or mixed characters (so the id of a commit too), what follows `api_key=`, `password=`,
/// `token=` and their like, passwords in addresses, private keys.
[[nodiscard]] std::string without_secrets(std::string_view text);

[[nodiscard]] bool holds_secret(std::string_view text);

}  // namespace keisei::config
