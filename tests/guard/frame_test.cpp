#include "guard/frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "guard/request.h"

namespace keisei::guard {
namespace {

std::vector<std::byte> noise(Random& random, std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::byte& b : bytes) b = static_cast<std::byte>(random.below(256));
  return bytes;
}

TEST(Frame, ArrivesWholeInAnyPieces) {
  Random random(1, Purpose::kTest);
  std::vector<std::byte> stream;
  std::vector<std::vector<std::byte>> sent;
  for (std::size_t i = 0; i < 50; ++i) {
    sent.push_back(noise(random, random.below(300)));
    const auto bytes = encode(i % 5 == 0 ? FrameType::kHeartbeat : FrameType::kResult, i, sent.back());
    stream.insert(stream.end(), bytes.begin(), bytes.end());
  }
  FrameDecoder decoder(kMaxResultBytes);
  std::size_t at = 0;
  std::size_t got = 0;
  while (at < stream.size()) {
    const std::size_t n = std::min<std::size_t>(1 + random.below(90), stream.size() - at);
    decoder.feed(std::span(stream).subspan(at, n));
    at += n;
    while (true) {
      auto frame = decoder.next();
      ASSERT_TRUE(frame);
      if (!*frame) break;
      EXPECT_EQ((*frame)->job, got);
      EXPECT_EQ((*frame)->payload, sent[got]);
      ++got;
    }
  }
  EXPECT_EQ(got, sent.size());
  EXPECT_EQ(decoder.pending_bytes(), 0u);
}

TEST(Frame, FaultIsFinal) {
  FrameDecoder decoder(100);
  const std::vector<std::byte> garbage(5, std::byte{7});
  decoder.feed(garbage);
  EXPECT_FALSE(decoder.next());
  decoder.feed(encode(FrameType::kDone, 1, {}));
  EXPECT_FALSE(decoder.next()) << "nothing is accepted after a fault";
}

TEST(Frame, LengthIsRefusedBeforeThePayloadIsAwaited) {
  FrameDecoder decoder(100);
  const auto bytes = encode(FrameType::kResult, 1, std::vector<std::byte>(101));
  decoder.feed(std::span(bytes).first(kFrameHeaderBytes));
  const auto frame = decoder.next();
  ASSERT_FALSE(frame);
  EXPECT_NE(frame.error().message.find("101 bytes"), std::string::npos) << frame.error().message;
}

// 100,000 mutated streams: no crash, and every frame that comes out is one that went in.
TEST(Frame, MutatedStreamsNeverYieldAWrongFrame) {
  Random random(20, Purpose::kTest);
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::vector<std::vector<std::byte>> whole;
    std::vector<std::byte> stream;
    const std::size_t frames = 1 + random.below(3);
    for (std::size_t i = 0; i < frames; ++i) {
      whole.push_back(
          encode(static_cast<FrameType>(1 + random.below(6)), random.below(4), noise(random, random.below(40))));
      stream.insert(stream.end(), whole.back().begin(), whole.back().end());
    }
    const std::size_t mutations = 1 + random.below(3);
    for (std::size_t m = 0; m < mutations; ++m) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(stream.size()));
      const auto place = stream.begin() + static_cast<std::ptrdiff_t>(at);
      switch (random.below(4)) {
        case 0:
          stream[at] ^= static_cast<std::byte>(1u << random.below(8));
          break;
        case 1:
          stream[at] = static_cast<std::byte>(random.below(256));
          break;
        case 2:
          stream.erase(place);
          break;
        default:
          stream.insert(place, static_cast<std::byte>(random.below(256)));
          break;
      }
      if (stream.empty()) break;
    }
    FrameDecoder decoder(4096);
    decoder.feed(stream);
    while (true) {
      const auto frame = decoder.next();
      if (!frame) {
        ++refused;
        break;
      }
      if (!*frame) break;
      ++accepted;
      const auto again = encode((*frame)->type, (*frame)->job, (*frame)->payload);
      ASSERT_NE(std::find(whole.begin(), whole.end(), again), whole.end()) << "a frame nobody sent, round " << round;
    }
  }
  EXPECT_GT(accepted, 10'000u) << "undamaged frames before the mutation must come through";
  EXPECT_GT(refused, 10'000u);
}

TEST(Request, SurvivesTheWire) {
  Job job;
  job.kind = "periodic";
  job.request = {std::byte{1}, std::byte{0}, std::byte{255}};
  job.limits = {12.5, 300, 0.5};
  job.attachments.push_back({"agent", Fd()});
  job.attachments.push_back({"opponent", Fd()});
  const auto head = decode_request(encode_request(job));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->kind, "periodic");
  EXPECT_EQ(head->request, job.request);
  EXPECT_EQ(head->attachment_names, (std::vector<std::string>{"agent", "opponent"}));
  EXPECT_EQ(head->limits.timeout_s, 12.5);
  EXPECT_EQ(head->limits.memory_mb, 300);
  EXPECT_EQ(head->limits.game_timeout_s, 0.5);
}

TEST(Request, CutShortIsRefusedEverywhere) {
  Job job;
  job.kind = "k";
  job.attachments.push_back({"a", Fd()});
  const auto bytes = encode_request(job);
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(decode_request(std::span(bytes).first(n))) << n;
}

TEST(Request, BoundsAreNamed) {
  Job job;
  job.request.resize(kMaxRequestBytes + 1);
  EXPECT_FALSE(check_job(job));
  job.request.clear();
  job.limits.timeout_s = std::nan("");
  EXPECT_FALSE(check_job(job));
  job.limits.timeout_s = 1;
  job.attachments.push_back({"nothing", Fd()});
  EXPECT_FALSE(check_job(job));
}

}  // namespace
}  // namespace keisei::guard
