#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include "dashboard/curses_screen.h"

#include <fcntl.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "dashboard/terminal_guard.h"

namespace keisei::dashboard {
namespace {

constexpr int kMaxColumns = 1000, kMaxRows = 1000;  // of a terminal that says nonsense
constexpr int kEscapeWait_ms = 25;                  // between an escape and the rest of a key
constexpr int kControlL = 'L' & 0x1F;
enum Pair : short { kGreen = 1, kYellow, kRed, kCyan };

Size size_of(int fd) {
  winsize window{};
  if (::ioctl(fd, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) return {0, 0};
  return {std::min<int>(window.ws_col, kMaxColumns), std::min<int>(window.ws_row, kMaxRows)};
}

/// The library writes characters as this thread's locale has it; the process's stays as it is.
class UtfScope {
 public:
  explicit UtfScope(locale_t utf) : before_(utf != nullptr ? ::uselocale(utf) : nullptr) {}
  ~UtfScope() {
    if (before_ != nullptr) ::uselocale(before_);
  }
  UtfScope(const UtfScope&) = delete;
  UtfScope& operator=(const UtfScope&) = delete;

 private:
  locale_t before_;
};

/// Valid UTF-8 only: a canvas holds nothing else.
void append_wide(std::wstring& wide, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    char32_t value = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
      value = (value << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    }
    wide += static_cast<wchar_t>(value);
    at += length;
  }
}

/// A capability's bytes without its padding ("$<5>").
std::string capability(const char* name) {
  const char* value = ::tigetstr(name);
  if (value == nullptr || value == reinterpret_cast<const char*>(-1)) return {};
  std::string bytes(value);
  for (std::size_t begin = 0; (begin = bytes.find("$<")) != std::string::npos;) {
    const std::size_t end = bytes.find('>', begin);
    bytes.erase(begin, end == std::string::npos ? std::string::npos : end - begin + 1);
  }
  return bytes;
}

struct CloseFile {
  void operator()(FILE* file) const { (void)std::fclose(file); }
};
using File = std::unique_ptr<FILE, CloseFile>;

File file_on(int fd, const char* mode) {
  Fd own(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
  File file(own ? ::fdopen(own.get(), mode) : nullptr);
  if (file) (void)own.release();
  return file;
}

class CursesScreen final : public CellScreen {
 public:
  CursesScreen(std::unique_ptr<TerminalGuard> guard, Paint paint) : guard_(std::move(guard)), paint_(paint) {}
  CursesScreen(const CursesScreen&) = delete;
  CursesScreen& operator=(const CursesScreen&) = delete;

  Result<void> open() {
    if (paint_.unicode) utf_ = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    const UtfScope scope(utf_);
    out_ = file_on(guard_->fd(), "w");
    in_ = file_on(guard_->fd(), "r");
    if (!out_ || !in_) return fail(Code::kFailure, "the terminal cannot be opened again", "run with --plain");
    guard_->set_drawing(::fileno(out_.get()));
    ::use_tioctl(true);  // the size comes from the terminal, not from variables that an old shell exported
    screen_ = ::newterm(nullptr, out_.get(), in_.get());
    if (screen_ == nullptr) {
      return fail(Code::kFailure, "the terminal's kind (TERM) is unknown or can do too little", "run with --plain");
    }
    guard_->set_leave_sequence(capability("sgr0") + capability("cnorm") + capability("rmkx") + capability("rmcup"));
    ::set_escdelay(kEscapeWait_ms);
    ::cbreak();
    ::noecho();
    ::nonl();
    ::curs_set(0);
    ::typeahead(-1);
    keys_ = ::newpad(1, 1);  // reading a key from a pad draws nothing
    ::keypad(keys_, true);
    ::nodelay(keys_, true);
    colour_ = paint_.colour && ::has_colors();
    if (colour_) {
      ::start_color();
      const auto ground = static_cast<short>(::use_default_colors() == OK ? -1 : COLOR_BLACK);
      ::init_pair(kGreen, COLOR_GREEN, ground);
      ::init_pair(kYellow, COLOR_YELLOW, ground);
      ::init_pair(kRed, COLOR_RED, ground);
      ::init_pair(kCyan, COLOR_CYAN, ground);
    }
    return {};
  }

  ~CursesScreen() override {
    const UtfScope scope(utf_);
    if (screen_ != nullptr) {
      if (keys_ != nullptr) ::delwin(keys_);
      if (!guard_->suspended()) {
        ::endwin();
        guard_->set_leave_sequence({});
      }
      ::delscreen(screen_);
    }
    guard_.reset();  // before the files: it makes sure that nothing more is drawn
    out_.reset();
    in_.reset();
    if (utf_ != nullptr) ::freelocale(std::exchange(utf_, nullptr));
  }

  [[nodiscard]] Size size() const override { return size_of(guard_->fd()); }

  [[nodiscard]] bool ready() const override {
    pollfd waiting{guard_->fd(), POLLOUT, 0};
    return ::poll(&waiting, 1, 0) > 0 && guard_->foreground();
  }

  void show(const Canvas& canvas) override {
    if (guard_->stopping()) return;
    const UtfScope scope(utf_);
    if (guard_->suspended()) {
      guard_->resumed();
      ::endwin();  // the library shall know; the next refresh takes the terminal again
      afresh_ = true;
    }
    const auto [columns, rows] = canvas.size();
    if (::is_term_resized(rows, columns)) {
      ::resizeterm(rows, columns);
      afresh_ = true;
    }
    if (std::exchange(afresh_, false)) ::clearok(::stdscr, true);
    ::werase(::stdscr);
    for (int row = 0; row < rows; ++row) put_row(canvas, row);
    ::wnoutrefresh(::stdscr);
    ::doupdate();
  }

  [[nodiscard]] Key key() override {
    if (!guard_->foreground()) return Key::kNone;
    const UtfScope scope(utf_);
    const int pressed = ::wgetch(keys_);
    switch (pressed) {
      case ERR:
      case KEY_RESIZE:
        return Key::kNone;
      case kControlL:
        afresh_ = true;
        return Key::kOther;
      case '\t':
      case KEY_RIGHT:
        return Key::kNext;
      case KEY_BTAB:
      case KEY_LEFT:
        return Key::kPrevious;
      case 'p':
      case ' ':
        return Key::kPause;
      case 'l':
        return Key::kLog;
      case '?':
      case 'h':
        return Key::kHelp;
      case 'q':
        return Key::kQuit;
      default:
        return pressed >= '1' && pressed <= '5'
                   ? static_cast<Key>(static_cast<int>(Key::kOne) + (pressed - '1'))
                   : Key::kOther;
    }
  }

  [[nodiscard]] std::vector<std::string> lines() override { return guard_->lines(); }

 private:
  [[nodiscard]] attr_t attributes(Tone tone) const {
    const auto pair = [&](Pair number, attr_t without) {
      return colour_ ? static_cast<attr_t>(COLOR_PAIR(number)) : without;
    };
    switch (tone) {
      case Tone::kNormal:
        return A_NORMAL;
      case Tone::kDim:
        return A_DIM;
      case Tone::kStrong:
        return A_BOLD;
      case Tone::kGood:
        return pair(kGreen, A_NORMAL);
      case Tone::kWarn:
        return pair(kYellow, A_BOLD);
      case Tone::kBad:
        return pair(kRed, A_BOLD);
      case Tone::kAccent:
        return pair(kCyan, A_NORMAL);
      case Tone::kSelected:
        return A_REVERSE;
    }
    return A_NORMAL;
  }

  void put_row(const Canvas& canvas, int row) {
    std::wstring text;
    const int columns = canvas.size().columns;
    for (int column = 0; column < columns;) {
      const Tone tone = canvas.at(row, column).tone;
      const int begin = column;
      text.clear();
      for (; column < columns && canvas.at(row, column).tone == tone; ++column) {
        append_wide(text, canvas.at(row, column).text);
      }
      ::wattrset(::stdscr, static_cast<int>(attributes(tone)));
      if (::wmove(::stdscr, row, begin) == OK) (void)::waddnwstr(::stdscr, text.c_str(), static_cast<int>(text.size()));
    }
    ::wattrset(::stdscr, static_cast<int>(A_NORMAL));
  }

  std::unique_ptr<TerminalGuard> guard_;
  const Paint paint_;
  locale_t utf_ = nullptr;
  File out_, in_;
  SCREEN* screen_ = nullptr;
  WINDOW* keys_ = nullptr;
  bool colour_ = false;
  bool afresh_ = true;
};

}  // namespace

bool fits_full_screen(int fd) {
  const Size size = size_of(fd);
  const int flags = ::fcntl(fd, F_GETFL);
  return ::isatty(fd) == 1 && size.columns >= kLeastFullScreen.columns && size.rows >= kLeastFullScreen.rows &&
         flags != -1 && (flags & O_ACCMODE) == O_RDWR && ::tcgetpgrp(fd) == ::getpgrp();
}

Result<std::unique_ptr<CellScreen>> open_curses(int fd, Paint paint) {
  auto guard = TerminalGuard::take(fd);
  if (!guard) return tl::make_unexpected(guard.error());
  auto screen = std::make_unique<CursesScreen>(std::move(*guard), paint);
  if (auto opened = screen->open(); !opened) return tl::make_unexpected(opened.error());
  return screen;
}

}  // namespace keisei::dashboard
