#include "dashboard/web_gatekeeper.h"

#include <gtest/gtest.h>

#include "dashboard/web_address.h"

namespace keisei::dashboard {
namespace {

const Gatekeeper kLocal{{"127.0.0.1", "localhost", "[::1]"}, 8741, ""};

RequestHead head_of(std::string_view host) {
  RequestHead head;
  head.method = "GET";
  head.target = "/api/runs";
  head.host = host;
  head.hosts = 1;
  return head;
}

TEST(WebGatekeeper, OwnNamesAreLetIn) {
  for (const char* host : {"127.0.0.1:8741", "localhost:8741", "LOCALHOST:8741", "[::1]:8741"}) {
    EXPECT_FALSE(kLocal.refuse(head_of(host), true)) << host;
  }
}

TEST(WebGatekeeper, ForeignNamesAreMisdirected) {
  for (const char* host :
       {"", "example.org", "example.org:8741", "localhost", "localhost:80", "localhost.:8741", "127.0.0.1.example:8741",
        "2130706433:8741", "0x7f000001:8741", "127.1:8741", "[::ffff:127.0.0.1]:8741", "[0:0:0:0:0:0:0:1]:8741",
        "localhost:8741@example.org", "localhost:08741", "localhost:8741 ", "user@localhost:8741"}) {
    EXPECT_EQ(kLocal.refuse(head_of(host), true), 421U) << host;
  }
  RequestHead twice = head_of("localhost:8741");
  twice.hosts = 2;
  EXPECT_EQ(kLocal.refuse(twice, true), 400U);
}

// What stands in front speaks its own name, its own port, or none, and may encrypt.
TEST(WebGatekeeper, NamesOfAProxyAreLetInWithAnyPort) {
  Gatekeeper behind = kLocal;
  behind.proxied = {"Keisei.example.org", "localhost:9000"};
  for (const char* host : {"keisei.example.org", "keisei.example.org:443", "KEISEI.example.org:8741", "localhost:9000",
                           "localhost:8741"}) {
    EXPECT_FALSE(behind.refuse(head_of(host), true)) << host;
  }
  for (const char* host : {"keisei.example.org:", "keisei.example.org:44x", "keisei.example.org:123456",
                           "x.keisei.example.org", "localhost", "localhost:9001", "127.0.0.1:9000"}) {
    EXPECT_EQ(behind.refuse(head_of(host), true), 421U) << host;
  }
  RequestHead head = head_of("keisei.example.org");
  head.origin = "https://keisei.example.org";
  EXPECT_FALSE(behind.refuse(head, true));
  for (const char* origin : {"https://example.org", "https://localhost:8741", "ftp://keisei.example.org", "null"}) {
    head.origin = origin;
    EXPECT_EQ(behind.refuse(head, true), 403U) << origin;
  }
}

TEST(WebGatekeeper, OnlyReadingExists) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "get", "BREW"}) {
    RequestHead head = head_of("localhost:8741");
    head.method = method;
    EXPECT_EQ(kLocal.refuse(head, true), 403U) << method;
    head.origin = "http://localhost:8741";
    EXPECT_EQ(kLocal.refuse(head, true), 405U) << method;
    for (const char* origin : {"http://example.org", "null", "https://localhost:8741", "http://localhost:8742"}) {
      head.origin = origin;
      EXPECT_EQ(kLocal.refuse(head, true), 403U) << method << " " << origin;
    }
  }
}

TEST(WebGatekeeper, AForeignOriginMayNotEvenRead) {
  RequestHead head = head_of("localhost:8741");
  head.origin = "http://example.org";
  EXPECT_EQ(kLocal.refuse(head, true), 403U);
}

TEST(WebGatekeeper, TheTokenGuardsDataAndNotThePage) {
  Gatekeeper guarded = kLocal;
  guarded.token = "0123456789abcdef0123456789abcdef";
  RequestHead head = head_of("localhost:8741");
  EXPECT_EQ(guarded.refuse(head, true), 401U);
  EXPECT_FALSE(guarded.refuse(head, false));
  for (const char* wrong : {"Bearer ", "Bearer 0123456789abcdef0123456789abcdee", "Bearer 0123456789abcdef",
                            "bearer 0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef",
                            "Bearer 0123456789abcdef0123456789abcdef0"}) {
    head.authorization = wrong;
    EXPECT_EQ(guarded.refuse(head, true), 401U) << wrong;
  }
  head.authorization = "Bearer 0123456789abcdef0123456789abcdef";
  EXPECT_FALSE(guarded.refuse(head, true));
}

TEST(WebGatekeeper, TargetsAreDecodedOnce) {
  const auto target = parse_target("/api/runs/a%20b%2Fc/series?name=ppo%2Fentropy&name=x&from=12&bad");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, (std::vector<std::string>{"api", "runs", "a b/c", "series"}));
  EXPECT_EQ(target->get("name"), "ppo/entropy");
  EXPECT_EQ(target->number("from"), 12);
  EXPECT_FALSE(target->number("name"));
  EXPECT_FALSE(target->number("to"));
  EXPECT_EQ(parse_target("/%252e")->path.front(), "%2e");
  for (const char* wrong : {"", "api", "*", "http://localhost/", "/%", "/%4", "/%zz", "/a?x=%G1"}) {
    EXPECT_FALSE(parse_target(wrong)) << wrong;
  }
}

TEST(WebAddress, LoopbackIsKnownByItsNumber) {
  for (const char* own : {"127.0.0.1", "127.9.9.9", "::1"}) EXPECT_TRUE(is_loopback(own)) << own;
  for (const char* other : {"0.0.0.0", "::", "10.0.0.1", "localhost", "", "128.0.0.1"}) {
    EXPECT_FALSE(is_loopback(other)) << other;
  }
  EXPECT_EQ(page_url("::1", 80, ""), "http://[::1]:80/");
  EXPECT_EQ(page_url("0.0.0.0", 1, "ab"), "http://127.0.0.1:1/#token=ab");
}

TEST(WebAddress, TokensDiffer) {
  const auto one = random_token();
  const auto other = random_token();
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->size(), 32U);
  EXPECT_NE(*one, *other);
}

}  // namespace
}  // namespace keisei::dashboard
