#include "guard/syscall_filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace keisei::guard {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

constexpr std::uint32_t kX32Bit = 0x40000000;  ///< calls of the x32 ABI: other numbers for the same doors
constexpr std::uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;
constexpr std::uint32_t kUnknown = SECCOMP_RET_ERRNO | ENOSYS;  ///< the C library then falls back to an older call
constexpr std::uint32_t kEveryProcess = 0xFFFFFFFF;             ///< kill(-1, …)
constexpr std::uint32_t kNewNamespaces =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

#define KEISEI_CALL(name) \
  RefusedCall { SYS_##name, #name }

std::vector<RefusedCall> table() {
  return {
      // the network, and sockets of any family (a socketpair, which reaches nobody, stays)
      KEISEI_CALL(socket),
      KEISEI_CALL(connect),
      KEISEI_CALL(bind),
      KEISEI_CALL(listen),
      KEISEI_CALL(accept),
      KEISEI_CALL(accept4),
      // other processes
      KEISEI_CALL(ptrace),
      KEISEI_CALL(process_vm_readv),
      KEISEI_CALL(process_vm_writev),
      KEISEI_CALL(kcmp),
#ifdef SYS_pidfd_getfd
      KEISEI_CALL(pidfd_getfd),
#endif
#ifdef SYS_process_madvise
      KEISEI_CALL(process_madvise),
#endif
      // doors that a filter cannot see through
      KEISEI_CALL(io_uring_setup),
      KEISEI_CALL(io_uring_enter),
      KEISEI_CALL(io_uring_register),
      KEISEI_CALL(userfaultfd),
      KEISEI_CALL(bpf),
      KEISEI_CALL(perf_event_open),
      KEISEI_CALL(open_by_handle_at),
      KEISEI_CALL(fanotify_init),
      KEISEI_CALL(keyctl),
      KEISEI_CALL(add_key),
      KEISEI_CALL(request_key),
      // mounts and namespaces
      KEISEI_CALL(mount),
      KEISEI_CALL(umount2),
      KEISEI_CALL(pivot_root),
      KEISEI_CALL(chroot),
      KEISEI_CALL(setns),
      KEISEI_CALL(unshare),
      KEISEI_CALL(move_mount),
      KEISEI_CALL(open_tree),
      KEISEI_CALL(fsopen),
      KEISEI_CALL(fsconfig),
      KEISEI_CALL(fsmount),
      KEISEI_CALL(fspick),
#ifdef SYS_mount_setattr
      KEISEI_CALL(mount_setattr),
#endif
      // the machine
      KEISEI_CALL(reboot),
      KEISEI_CALL(kexec_load),
      KEISEI_CALL(init_module),
      KEISEI_CALL(finit_module),
      KEISEI_CALL(delete_module),
      KEISEI_CALL(swapon),
      KEISEI_CALL(swapoff),
      KEISEI_CALL(acct),
      KEISEI_CALL(quotactl),
      KEISEI_CALL(syslog),
      KEISEI_CALL(vhangup),
      KEISEI_CALL(sethostname),
      KEISEI_CALL(setdomainname),
      KEISEI_CALL(settimeofday),
      KEISEI_CALL(clock_settime),
      KEISEI_CALL(clock_adjtime),
      KEISEI_CALL(adjtimex),
#ifdef SYS_kexec_file_load
      KEISEI_CALL(kexec_file_load),
#endif
#ifdef SYS_iopl
      KEISEI_CALL(iopl),
      KEISEI_CALL(ioperm),
#endif
  };
}
#undef KEISEI_CALL

/// The program, in the order of its instructions. Jumps are relative and forward only.
class Assembler {
 public:
  void load(std::size_t offset) { put(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset), 0, 0); }
  void ret(std::uint32_t action) { put(BPF_RET | BPF_K, action, 0, 0); }
  void ret_unless_equal(std::uint32_t value, std::uint32_t action) {
    put(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    ret(action);
  }
  void ret_if_equal(std::uint32_t value, std::uint32_t action) {
    put(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    ret(action);
  }
  void ret_if_set(std::uint32_t bits, std::uint32_t action) {
    put(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
    ret(action);
  }
  /// Runs `inner` for this call only, with `offset` loaded instead of the number, and then allows it.
  template <class Inner>
  void only_for(std::uint32_t call, std::size_t offset, Inner&& inner) {
    const std::size_t jump = code_.size();
    put(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 0);
    load(offset);
    inner();
    ret(SECCOMP_RET_ALLOW);
    code_[jump].jf = static_cast<std::uint8_t>(code_.size() - jump - 1);
  }
  std::vector<sock_filter>& code() { return code_; }

 private:
  void put(int code, std::uint32_t k, std::uint8_t if_true, std::uint8_t if_false) {
    code_.push_back({static_cast<std::uint16_t>(code), if_true, if_false, k});
  }
  std::vector<sock_filter> code_;
};

/// The low half of an argument of the call (little endian).
constexpr std::size_t argument(std::size_t index) {
  return offsetof(seccomp_data, args) + index * sizeof(std::uint64_t);
}

std::vector<sock_filter> program() {
  Assembler a;
  a.load(offsetof(seccomp_data, arch));
  a.ret_unless_equal(kArchitecture, SECCOMP_RET_KILL_PROCESS);
  a.load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
  a.ret_if_set(kX32Bit, kUnknown);
#endif
  for (const RefusedCall& call : refused_calls()) a.ret_if_equal(static_cast<std::uint32_t>(call.number), kRefuse);
  // clone3 hides its flags behind a pointer; clone does not, and the C library falls back to it.
  a.ret_if_equal(static_cast<std::uint32_t>(SYS_clone3), kUnknown);
  a.only_for(static_cast<std::uint32_t>(SYS_clone), argument(0), [&] { a.ret_if_set(kNewNamespaces, kRefuse); });
  a.only_for(static_cast<std::uint32_t>(SYS_kill), argument(0), [&] { a.ret_if_equal(kEveryProcess, kRefuse); });
  a.only_for(static_cast<std::uint32_t>(SYS_ioctl), argument(1), [&] {
    a.ret_if_equal(TIOCSTI, kRefuse);  // typing into the terminal of whoever started us
    a.ret_if_equal(TIOCLINUX, kRefuse);
  });
  a.ret(SECCOMP_RET_ALLOW);
  return std::move(a.code());
}

}  // namespace

const std::vector<RefusedCall>& refused_calls() {
  static const std::vector<RefusedCall> calls = table();
  return calls;
}

Result<void> install_syscall_filter() {
  if (kArchitecture == 0) return fail(Code::kFailure, "seccomp not available: no table for this architecture");
  std::vector<sock_filter> code = program();
  const sock_fprog filter{static_cast<unsigned short>(code.size()), code.data()};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) != 0) {
    return fail(Code::kFailure, std::string("seccomp not available: ") + std::strerror(errno));
  }
  return {};
}

}  // namespace keisei::guard
