#include "config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <sstream>

namespace keisei::config {
namespace {

Mark mark_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

/// What the builder refuses; unwinds the parser.
struct Refusal {
  Mark mark;
  std::string text;
};

class Builder final : public YAML::EventHandler {
 public:
  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse(mark, "anchors are not allowed"); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse(mark, "aliases are not allowed"); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    no_anchor(mark, anchor);
    Node node = at(mark, Node::Kind::kScalar);
    node.scalar.null = true;
    add(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    no_anchor(mark, anchor);
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "tags are not allowed");
    Node node = at(mark, Node::Kind::kScalar);
    const bool plain = tag == "?";
    node.scalar = plain ? plain_scalar(value) : Scalar{};
    node.scalar.text = value;
    node.scalar.quoted = !plain;
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::kSequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::kMap);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Node node;
    bool key_next = true;
  };

  [[noreturn]] static void refuse(const YAML::Mark& mark, std::string text) {
    throw Refusal{mark_of(mark), std::move(text)};
  }
  static void no_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(mark, "anchors are not allowed");
  }

  Node at(const YAML::Mark& mark, Node::Kind kind) {
    if (++nodes_ > kMaxYamlNodes) refuse(mark, "more than " + std::to_string(kMaxYamlNodes) + " values");
    Node node;
    node.kind = kind;
    node.mark = mark_of(mark);
    return node;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    no_anchor(mark, anchor);
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "tags are not allowed");
    if (levels_.size() >= static_cast<std::size_t>(kMaxYamlDepth)) {
      refuse(mark, "nested deeper than " + std::to_string(kMaxYamlDepth) + " levels");
    }
    if (!levels_.empty() && levels_.back().node.kind == Node::Kind::kMap && levels_.back().key_next) {
      refuse(mark, "a key must be a plain name");
    }
    levels_.push_back({at(mark, kind)});
  }

  void close() {
    Node node = std::move(levels_.back().node);
    levels_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == Node::Kind::kMap && level.key_next) {
      level.node.keys.push_back(std::move(node));
      level.key_next = false;
    } else {
      level.node.items.push_back(std::move(node));
      level.key_next = true;
    }
  }

  Node root_;
  std::vector<Level> levels_;
  std::size_t nodes_ = 0;
};

/// yaml-cpp's own sentences start in lower case and name no file.
tl::unexpected<Error> refused(const std::string& name, Mark mark, const std::string& text) {
  return fail(Code::kUsage, name + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column) + ": " + text);
}

/// Where the first byte lies that no text file holds.
std::optional<Mark> control_byte(std::string_view text) {
  Mark mark{1, 1};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '\n') {
      ++mark.line;
      mark.column = 1;
      continue;
    }
    if ((byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7F) return mark;
    ++mark.column;
  }
  return std::nullopt;
}

}  // namespace

Result<Node> parse_yaml(std::string_view text, const std::string& name) {
  if (const auto mark = control_byte(text)) return refused(name, *mark, "a control byte: this is no text file");
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder;
    Node root;
    root.kind = Node::Kind::kMap;
    root.mark = {1, 1};
    if (parser.HandleNextDocument(builder)) {
      Node document = builder.take();
      const bool nothing = document.kind == Node::Kind::kScalar && document.scalar.null && document.scalar.text.empty();
      if (!nothing) root = std::move(document);
      Builder second;
      if (parser.HandleNextDocument(second)) {
        return refused(name, second.take().mark, "a second document; a configuration is one document");
      }
    }
    return root;
  } catch (const Refusal& refusal) {
    return refused(name, refusal.mark, refusal.text);
  } catch (const YAML::Exception& error) {
    const Mark mark = error.mark.is_null() ? Mark{1, 1} : mark_of(error.mark);
    return refused(name, mark, "this is no YAML: " + error.msg);
  } catch (const std::exception& error) {
    return refused(name, {1, 1}, std::string("this is no YAML: ") + error.what());
  }
}

}  // namespace keisei::config
