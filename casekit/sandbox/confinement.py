"""
What Linux can forbid a process that is about to run a stranger's query.

Every layer is best effort: where the kernel refuses, the answer still runs under the layers that
hold, and `confine` says which those are.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys

from casekit.sandbox.limits import Limits

__all__ = ["confine", "die_with_parent", "limit_process"]

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_RESTRICT_SELF = 446
_LANDLOCK_VERSION_FLAG = 1

# x86-64 system calls a query never needs: sockets, processes, signals to others, tracing, mounts,
# kernel facilities, io_uring, and every way to make, rename or remove a name.
_DENIED_X86_64 = (
    *(41, 42, 43, 49, 50, 53, 288),  # socket connect accept bind listen socketpair accept4
    *(56, 57, 58, 59, 322, 435),  # clone fork vfork execve execveat clone3
    *(62, 200, 234, 424, 434, 438),  # kill tkill tgkill pidfd_send_signal pidfd_open pidfd_getfd
    *(101, 310, 311),  # ptrace process_vm_readv process_vm_writev
    *(155, 161, 165, 166, 272, 308),  # pivot_root chroot mount umount2 unshare setns
    *(
        428,
        429,
        430,
        431,
        432,
        433,
        442,
    ),  # open_tree move_mount fsopen fsconfig fsmount fspick, set
    *(169, 175, 176, 313),  # reboot init_module delete_module finit_module
    *(246, 320),  # kexec_load kexec_file_load
    *(248, 249, 250, 298, 321),  # add_key request_key keyctl perf_event_open bpf
    *(425, 426, 427),  # io_uring_setup io_uring_enter io_uring_register
    *(76, 82, 83, 84, 85, 86, 87, 88),  # truncate rename mkdir rmdir creat link unlink symlink
    *(90, 91, 92, 93, 94, 133),  # chmod fchmod chown fchown lchown mknod
    *(258, 259, 260, 263, 264, 265, 266, 268, 316),  # the *at forms of the same, renameat2
)


def die_with_parent() -> None:
    """Have the kernel kill this process as soon as the one that forked it ends."""
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def confine(limits: Limits) -> tuple[str, ...]:
    """Give up every right a query does not need, for good; the names of the layers that hold."""
    layers = limit_process(limits, one_answer=True)
    if not sys.platform.startswith("linux"):
        return layers
    if _landlock():
        layers += ("landlock",)
    if platform.machine() == "x86_64" and _seccomp():
        layers += ("seccomp",)
    return layers


def limit_process(limits: Limits, *, one_answer: bool) -> tuple[str, ...]:
    """Cap memory, files and, for a process that runs *one_answer* only, processor time and threads."""
    if sys.platform == "win32":
        return ()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    caps = {"CORE": 0, "FSIZE": 0, "NOFILE": 64, "DATA": limits.process_mb << 20}
    if one_answer:
        caps["CPU"] = int(limits.hard_seconds) + 2
        if os.getuid() != 0:
            caps["NPROC"] = 0
    held = [_cap(name, most) for name, most in caps.items()]  # all of them, whatever the first says
    return ("rlimits",) if False not in held else ()


def _cap(name: str, most: int) -> bool:
    import resource

    what = getattr(resource, f"RLIMIT_{name}", None)
    if what is None:
        return False
    try:
        resource.setrlimit(what, (most, most))
    except (OSError, ValueError):
        return False
    return True


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _landlock() -> bool:
    libc = _libc()
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION_FLAG)
    if version < 1:
        return False
    handled = _landlock_rights(version)
    size = 8 * len([part for part in (1, 4, 6) if version >= part])
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, handled, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    held = bool(libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0)
    os.close(ruleset)
    return held


def _landlock_rights(version: int) -> ctypes.Array[ctypes.c_uint64]:
    """Every right this kernel can take away: files, TCP (from version 4), signals (from 6)."""
    files = 13 + (version >= 2) + (version >= 3) + (version >= 5)
    tcp = 0b11 if version >= 4 else 0
    scopes = 0b11 if version >= 6 else 0
    return (ctypes.c_uint64 * 3)((1 << files) - 1, tcp, scopes)


class _Filter(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("jump_true", ctypes.c_ubyte),
        ("jump_false", ctypes.c_ubyte),
        ("value", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filters", ctypes.POINTER(_Filter)))


def _seccomp() -> bool:
    filters = _filters()
    array = (_Filter * len(filters))(*filters)
    program = _Program(len(filters), array)
    libc = _libc()
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filters() -> list[_Filter]:
    load, equal, at_least, give_back = 0x20, 0x15, 0x35, 0x06
    kill, not_permitted, allow = 0x80000000, 0x00050001, 0x7FFF0000
    x86_64, x32_calls, architecture, number = 0xC000003E, 0x40000000, 4, 0
    program = [
        _Filter(load, 0, 0, architecture),
        _Filter(equal, 1, 0, x86_64),
        _Filter(give_back, 0, 0, kill),
        _Filter(load, 0, 0, number),
        _Filter(at_least, 0, 1, x32_calls),
        _Filter(give_back, 0, 0, kill),
    ]
    for call in _DENIED_X86_64:
        program += [_Filter(equal, 0, 1, call), _Filter(give_back, 0, 0, not_permitted)]
    return [*program, _Filter(give_back, 0, 0, allow)]
