#include "evaluation/usi_engine.h"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include "evaluation/spelling.h"

namespace keisei::evaluation {
namespace {

constexpr double kPollS = 0.05;
constexpr std::array<std::string_view, 2> kAlwaysThere = {"USI_Hash", "USI_Ponder"};
constexpr std::array<std::string_view, 2> kVariantOptions = {"UCI_Variant", "USI_Variant"};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

bool is_word(std::string_view line, std::string_view word) {
  return take_word(line) == word && take_word(line).empty();
}

Result<void> check_value(const UsiOption& option, std::string_view value) {
  const auto bad = [&](const std::string& allowed) {
    return fail(Code::kUsage, "engine option " + printable(option.name) + "=" + printable(value) + " is not allowed",
                allowed);
  };
  switch (option.type) {
    case UsiOption::Type::kCheck:
      if (value != "true" && value != "false") return bad("true or false");
      break;
    case UsiOption::Type::kSpin: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (error != std::errc{} || end != value.data() + value.size()) return bad("a whole number");
      if ((option.min && number < *option.min) || (option.max && number > *option.max)) {
        const auto bound = [](const auto& n) { return n ? std::to_string(*n) : std::string("any"); };
        return bad("from " + bound(option.min) + " to " + bound(option.max));
      }
      break;
    }
    case UsiOption::Type::kCombo: {
      const bool listed = std::any_of(option.values.begin(), option.values.end(),
                                      [&](const std::string& v) { return equal_ignoring_case(v, value); });
      if (!listed) return bad(allowed_hint(value, option.values));
      break;
    }
    case UsiOption::Type::kButton:
      if (!value.empty()) return bad("no value: it is a button");
      break;
    case UsiOption::Type::kString:
    case UsiOption::Type::kFilename:
      break;
  }
  return {};
}

}  // namespace

UsiEngine::UsiEngine(std::shared_ptr<guard::Kennel> kennel, std::unique_ptr<guard::Caged> process,
                     const UsiTimes& times, const Clock& clock, std::function<bool()> keep_going)
    : kennel_(std::move(kennel)),
      process_(std::move(process)),
      times_(times),
      clock_(clock),
      lines_(*process_, clock, std::move(keep_going)) {}

UsiEngine::~UsiEngine() { quit(); }

Result<std::unique_ptr<UsiEngine>> UsiEngine::start(std::shared_ptr<guard::Kennel> kennel,
                                                    const guard::CagedCommand& command, const UsiTimes& times,
                                                    const Clock& clock, std::function<bool()> keep_going) {
  auto process = kennel->start(command);
  if (!process) return tl::make_unexpected(process.error());
  std::unique_ptr<UsiEngine> engine(
      new UsiEngine(std::move(kennel), std::move(*process), times, clock, std::move(keep_going)));
  if (auto ready = engine->handshake(); !ready) {
    const Error error = ready.error();
    if (engine->trouble() == UsiTrouble::kCancelled) return tl::make_unexpected(error);
    engine->process_->end();  // what does not speak the protocol is not asked to quit
    return fail(Code::kUsage, command.argv.front() + " is no USI engine that answers: " + error.message,
                "it has to answer usi with usiok");
  }
  return engine;
}

void UsiEngine::note_identity(std::string_view line) {
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  if (first == "id") {
    const std::string_view what = take_word(rest);
    if (what == "name") name_ = printable(rest);
    if (what == "author") author_ = printable(rest);
  } else if (first == "option" && options_.size() < kMaxOptionLines) {
    if (auto option = parse_option(line)) options_.push_back(std::move(*option));
  }
}

Result<void> UsiEngine::handshake() {
  const double deadline_s = clock_.monotonic_s() + times_.usi_s;
  lines_.begin_answer();
  if (auto sent = lines_.send("usi\n", deadline_s); !sent) return sent;
  std::string first_words;
  while (true) {
    const auto line = lines_.next(deadline_s);
    if (!line) {
      Error error = line.error();
      if (!first_words.empty()) error.message += "; it began with: " + first_words;
      return tl::make_unexpected(error);
    }
    if (first_words.empty()) first_words = printable(*line);
    if (is_word(*line, "usiok")) break;
    note_identity(*line);
  }
  for (const std::string_view name : kVariantOptions) {
    const UsiOption* option = find_option(name);
    if (option == nullptr || option->default_value == "shogi") continue;
    if (std::find(option->values.begin(), option->values.end(), "shogi") == option->values.end()) continue;
    if (auto set = set_option(name, "shogi"); !set) return set;
  }
  return {};
}

const UsiOption* UsiEngine::find_option(std::string_view name) const {
  const auto found = std::find_if(options_.begin(), options_.end(),
                                  [&](const UsiOption& o) { return equal_ignoring_case(o.name, name); });
  return found == options_.end() ? nullptr : &*found;
}

Result<void> UsiEngine::set_option(std::string_view name, std::string_view value) {
  const UsiOption* option = find_option(name);
  const bool always = std::any_of(kAlwaysThere.begin(), kAlwaysThere.end(),
                                  [&](std::string_view known) { return equal_ignoring_case(known, name); });
  if (option == nullptr && !always) {
    std::vector<std::string> names;
    for (const UsiOption& o : options_) names.push_back(printable(o.name));
    return fail(Code::kUsage, "the engine has no option \"" + printable(name) + "\"", allowed_hint(name, names));
  }
  if (option != nullptr) {
    if (auto good = check_value(*option, value); !good) return good;
  }
  std::string line = "setoption name " + std::string(option != nullptr ? option->name : name);
  if (option == nullptr || option->type != UsiOption::Type::kButton) line += " value " + std::string(value);
  lines_.begin_answer();
  return lines_.send(line + "\n", clock_.monotonic_s() + times_.usi_s);
}

Result<void> UsiEngine::ready() {
  const double deadline_s = clock_.monotonic_s() + times_.ready_s;
  lines_.begin_answer();
  if (auto sent = lines_.send("isready\n", deadline_s); !sent) return sent;
  while (true) {
    const auto line = lines_.next(deadline_s);
    if (!line) return tl::make_unexpected(line.error());
    if (is_word(*line, "readyok")) return {};
  }
}

Result<void> UsiEngine::new_game() {
  if (auto is_ready = ready(); !is_ready) return is_ready;
  return lines_.send("usinewgame\n", clock_.monotonic_s() + times_.ready_s);
}

Result<UsiAnswer> UsiEngine::go(const std::string& position, const std::string& go_arguments, double longest_s) {
  lines_.begin_answer();
  const auto before = lines_.pending();
  if (!before) return tl::make_unexpected(before.error());
  for (const std::string& line : *before) {
    if (parse_bestmove(line)) {
      return lines_.failed(UsiTrouble::kBreach, "the engine said \"" + printable(line) + "\" without being asked");
    }
  }
  const double start_s = clock_.monotonic_s();
  const double deadline_s = start_s + longest_s;
  const std::string go = go_arguments.empty() ? "go" : "go " + go_arguments;
  if (auto sent = lines_.send("position " + position + "\n" + go + "\n", deadline_s); !sent) {
    return tl::make_unexpected(sent.error());
  }
  UsiInfo info;
  while (true) {
    const auto line = lines_.next(deadline_s);
    if (!line) return tl::make_unexpected(line.error());
    if (auto answer = parse_bestmove(*line)) {
      answer->info = std::move(info);
      answer->seconds = std::max(0.0, clock_.monotonic_s() - start_s);
      return std::move(*answer);
    }
    read_info(*line, info);
  }
}

bool UsiEngine::stop() {
  const double deadline_s = clock_.monotonic_s() + times_.stop_s;
  lines_.begin_answer();
  if (!lines_.send("stop\n", deadline_s)) return false;
  while (true) {
    const auto line = lines_.next(deadline_s);
    if (!line) return false;
    if (parse_bestmove(*line)) return true;
  }
}

void UsiEngine::kill() { process_->end(); }

void UsiEngine::quit() {
  const auto gone_within = [&](double longest_s) {
    const double deadline_s = clock_.monotonic_s() + longest_s;
    while (!process_->ended()) {
      const double left_s = deadline_s - clock_.monotonic_s();
      if (left_s <= 0) return false;
      (void)lines_.pending();  // one that still writes must not block on a full pipe
      pollfd fd{process_->pidfd(), POLLIN, 0};
      (void)::poll(&fd, 1, static_cast<int>(std::ceil(std::min(left_s, kPollS) * 1000)));
    }
    return true;
  };
  lines_.begin_answer();
  if (!process_->ended() && lines_.send("quit\n", clock_.monotonic_s() + times_.quit_s)) {
    process_->close_input();
    if (!gone_within(times_.quit_s)) {
      process_->signal(SIGTERM);
      (void)gone_within(times_.terminate_s);
    }
  }
  process_->end();
}

}  // namespace keisei::evaluation
