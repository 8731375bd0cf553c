// A residual tower with a policy head (27 planes = 2,187 actions), a value head and a material head. Its parameters
// are one flat array, so a snapshot, a hash or a copy to another process is one memcpy, and the optimiser is one loop.
// There is no batch normalisation: what acts and what learns are the same function, and the ratio of the two policies
// is 1 before the first update. Residual branches start at zero instead (Zhang et al., "Fixup", 2019).
// libtorch stays behind this header; its exceptions become Errors here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/evaluator.h"

namespace keisei::net {

struct Architecture {
  int blocks = 2;
  int channels = 32;
  int se_channels = 0;  ///< width of squeeze-and-excitation; 0 = none
  friend bool operator==(const Architecture&, const Architecture&) = default;
};

/// A named parameter inside the flat array.
struct ParameterInfo {
  std::string name;
  std::vector<std::int64_t> shape;
  std::size_t offset = 0;  ///< in floats
  std::size_t size = 0;    ///< in floats
  int fan_in = 0;          ///< inputs of one output: initial deviation sqrt(2 / fan_in); 0 = starts at zero
};
[[nodiscard]] std::vector<ParameterInfo> parameter_layout(const Architecture& architecture);
[[nodiscard]] std::size_t parameter_count(const Architecture& architecture);

/// Initial parameters: normal by fan-in, from Random(seed, Purpose::kWeights).
[[nodiscard]] std::vector<float> initial_parameters(const Architecture& architecture, std::uint64_t seed);

class Network final : public Evaluator {
 public:
  /// Takes its parameters by value; their number must fit the architecture. `device` is cpu, cuda or cuda:N.
  [[nodiscard]] static Result<std::unique_ptr<Network>> create(const Architecture& architecture,
                                                               std::vector<float> parameters,
                                                               const std::string& device = "cpu");
  ~Network() override;

  void evaluate(std::span<const Features> batch, std::span<float> logits, std::span<float> values,
                std::span<float> material) const override;

  [[nodiscard]] const Architecture& architecture() const;
  /// The flat parameters; on a GPU a copy is made.
  [[nodiscard]] std::vector<float> parameters() const;

  struct Impl;  ///< libtorch's side, for the learner (net/module.h)
  [[nodiscard]] Impl& impl() const { return *impl_; }

 private:
  explicit Network(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Threads that libtorch uses for work started by the calling thread; coarse workers call it with 1.
void set_compute_threads(int threads);

/// What this machine's matrix multiplication reaches on `threads` threads: the limit that speed is compared with.
[[nodiscard]] double measure_peak_gflops(int threads, const Clock& clock);

/// "libtorch 1.13, AVX512": what results depend on besides the parameters.
[[nodiscard]] std::string library_description();

/// Whether `device` can be used here; kDevice with what is allowed otherwise. "auto" resolves to cuda or cpu.
[[nodiscard]] Result<std::string> resolve_device(const std::string& device);

}  // namespace keisei::net
