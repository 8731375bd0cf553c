// A stand-in for NVIDIA's management library, since no driver can be in a test: a real shared object with the real
// names. What it shows is chosen when it is built: FAKE_DEVICES devices, and FAKE_FAULT for what is wrong with it.
#include <cstdio>
#include <cstring>

// The faults: 0 none, 1 the driver is not running, 2 devices with troubles of all kinds, 3 most functions are missing,
// 4 the entry points are missing.
#if FAKE_FAULT != 4

namespace {

constexpr int kSuccess = 0;
constexpr int kNotSupported = 3;
constexpr int kNotFound = 6;
constexpr int kInsufficientSize = 7;
constexpr int kDriverNotLoaded = 9;
constexpr int kGpuIsLost = 15;

int sessions = 0;
int devices[8] = {0, 1, 2, 3, 4, 5, 6, 7};

[[maybe_unused]] int number(void* device) { return *static_cast<int*>(device); }

struct Utilization {
  unsigned gpu;
  unsigned memory;
};
struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};
struct ProcessSample {
  unsigned pid;
  unsigned long long time_us;
  unsigned sm;
  unsigned memory;
  unsigned encoder;
  unsigned decoder;
};

}  // namespace

extern "C" {

int fake_nvml_sessions() { return sessions; }

int nvmlInit_v2() {
  if (FAKE_FAULT == 1) return kDriverNotLoaded;
  ++sessions;
  return kSuccess;
}

int nvmlShutdown() {
  --sessions;
  return kSuccess;
}

int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = FAKE_DEVICES;
  return kSuccess;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  if (FAKE_FAULT == 2 && index == 1) return kGpuIsLost;
  *device = &devices[index];
  return kSuccess;
}

#if FAKE_FAULT != 3

const char* nvmlErrorString(int error) {
  switch (error) {
    case kNotSupported:
      return "Not Supported";
    case kNotFound:
      return "Not Found";
    case kDriverNotLoaded:
      return "Driver Not Loaded";
    case kGpuIsLost:
      return "GPU is lost";
  }
  return nullptr;
}

int nvmlSystemGetDriverVersion(char* text, unsigned length) {
  std::snprintf(text, length, "535.104.05");
  return kSuccess;
}

int nvmlDeviceGetName(void* device, char* text, unsigned length) {
  if (FAKE_FAULT == 2) {
    std::memset(text, 'x', length);  // no end, and what would clear a terminal
    std::memcpy(text, "\033[2J", 4);
    return kSuccess;
  }
  std::snprintf(text, length, "Fake GPU %d", number(device));
  return kSuccess;
}

int nvmlDeviceGetUtilizationRates(void* device, Utilization* load) {
  if (FAKE_FAULT == 2 && number(device) == 0) return kNotSupported;
  load->gpu = FAKE_FAULT == 2 ? 4000000000U : 10 + 20 * static_cast<unsigned>(number(device));
  load->memory = 5;
  return kSuccess;
}

int nvmlDeviceGetMemoryInfo(void* device, Memory* memory) {
  if (FAKE_FAULT == 2) return 999;
  memory->total = 8'000'000'000;
  memory->used = 1'000'000'000ULL * static_cast<unsigned>(number(device) + 1);
  memory->free = memory->total - memory->used;
  return kSuccess;
}

int nvmlDeviceGetTemperature(void*, unsigned sensor, unsigned* degrees) {
  *degrees = 55;
  return sensor == 0 ? kSuccess : kNotSupported;
}

int nvmlDeviceGetPowerUsage(void*, unsigned* milliwatt) {
  *milliwatt = 71500;
  return kSuccess;
}

int nvmlDeviceGetProcessUtilization(void* device, ProcessSample* samples, unsigned* count, unsigned long long since) {
  const ProcessSample all[] = {{100, 2000, 30, 1, 0, 0}, {200, 1000, 7, 1, 0, 0}, {100, 1000, 90, 1, 0, 0}};
  if (number(device) != 0) return kNotSupported;
  if (since >= 2000) return kNotFound;
  if (samples == nullptr || *count < 3) {
    *count = 3;
    return kInsufficientSize;
  }
  std::memcpy(samples, all, sizeof all);
  *count = 3;
  return kSuccess;
}

#endif

}  // extern "C"

#endif
