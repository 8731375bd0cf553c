#include "guard/request.h"

#include <cmath>

#include "guard/frame.h"

namespace keisei::guard {

std::vector<std::byte> encode_request(const Job& job) {
  ByteWriter out;
  out.text(job.kind);
  out.f64(job.limits.timeout_s);
  out.f64(job.limits.memory_mb);
  out.f64(job.limits.game_timeout_s);
  out.u16(static_cast<std::uint16_t>(job.attachments.size()));
  for (const Attachment& attachment : job.attachments) out.text(attachment.name);
  out.raw(job.request);
  return out.take();
}

Result<RequestHead> decode_request(std::span<const std::byte> payload) {
  ByteReader in(payload);
  RequestHead head;
  head.kind = in.text();
  head.limits.timeout_s = in.f64();
  head.limits.memory_mb = in.f64();
  head.limits.game_timeout_s = in.f64();
  const std::size_t attachments = in.u16();
  if (attachments > kMaxAttachments) return fail(Code::kBadData, "request frame: too many attachments");
  for (std::size_t i = 0; i < attachments; ++i) head.attachment_names.push_back(in.text());
  const auto rest = in.rest();
  head.request.assign(rest.begin(), rest.end());
  if (!in.ok()) return fail(Code::kBadData, "request frame: cut short");
  return head;
}

Result<void> check_job(const Job& job) {
  if (job.kind.size() > kMaxNameBytes) {
    return fail(Code::kUsage, "job kind has " + std::to_string(job.kind.size()) + " bytes",
                "at most " + std::to_string(kMaxNameBytes));
  }
  if (job.request.size() > kMaxRequestBytes) {
    return fail(Code::kUsage, "job request has " + std::to_string(job.request.size()) + " bytes",
                "at most " + std::to_string(kMaxRequestBytes) + "; pass large data as an attachment");
  }
  if (job.attachments.size() > kMaxAttachments) {
    return fail(Code::kUsage, "job has " + std::to_string(job.attachments.size()) + " attachments",
                "at most " + std::to_string(kMaxAttachments));
  }
  for (const Attachment& attachment : job.attachments) {
    if (!attachment.memfd) return fail(Code::kUsage, "attachment '" + attachment.name + "' has no descriptor");
    if (attachment.name.size() > kMaxNameBytes) return fail(Code::kUsage, "an attachment name is too long");
  }
  if (!std::isfinite(job.limits.timeout_s) || !std::isfinite(job.limits.memory_mb) ||
      !std::isfinite(job.limits.game_timeout_s)) {
    return fail(Code::kUsage, "a job limit is not a finite number", "0 switches a limit off");
  }
  return {};
}

}  // namespace keisei::guard
