"""`bench`: the speed of our training step and of the tutorial's loop, on the same networks and batch.

They take turns, so that a change in the machine's load affects both. Each has a process of its own, because in one
process each would reuse memory that the other has freed, and would be faster than when it trains alone.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection
from typing import Any

import torch
from torch import Tensor, nn

from dcgan.cli.common import Commands, add_command
from dcgan.config import make_config
from dcgan.device import choose_device
from dcgan.errors import RequestError
from dcgan.models import make_networks
from dcgan.training.precision import choose_bf16
from dcgan.training.step import make_state, train_step


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "bench",
        "Compare the speed of our training step with the tutorial's loop.",
        "bench\nbench --pairs 9 --batch 32",
        run_bench,
    )
    parser.add_argument("--pairs", type=int, default=5, help="how often the two take turns (default 5)")
    parser.add_argument("--steps", type=int, default=5, help="steps a turn (default 5)")
    parser.add_argument("--batch", type=int, default=128, help="pictures a step (default 128)")
    parser.add_argument("--threads", type=int, default=0, help="threads (default: as torch chooses)")
    parser.add_argument("--device", help="cuda, mps or cpu (default: the best there is)")


def run_bench(args: argparse.Namespace) -> None:
    """Print pictures per second of both, and their ratio for each pair of turns."""
    for name, least in (("pairs", 1), ("steps", 1), ("batch", 2), ("threads", 0)):
        if getattr(args, name) < least:
            raise RequestError(f"--{name} must be {least} or more, not {getattr(args, name)}.")
    device = choose_device(args.device)
    spawn = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        benches: list[Connection] = []
        for take_turns in (_tutorial_turns, _our_turns):
            here, there = spawn.Pipe()
            process = spawn.Process(target=take_turns, args=(there, args.batch, args.threads, device), daemon=True)
            process.start()
            there.close()
            stack.callback(process.join)
            benches.append(stack.enter_context(here))  # closing it ends the process
        tutorial, ours = benches
        about = [_receive(bench) for bench in benches][1]  # sent after the first steps, which build the kernels
        print(f"{device}, batch {args.batch}, {about}")
        ratios = []
        for _ in range(args.pairs):
            seconds = [_turn(bench, args.steps) for bench in (tutorial, ours)]
            ratios.append(seconds[0] / seconds[1])
            theirs, mine = (args.batch * args.steps / taken for taken in seconds)
            print(f"tutorial {theirs:7.1f}  ours {mine:7.1f} pictures/s  ratio {ratios[-1]:.2f}", flush=True)
    print(f"ratio: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} pairs")


def _turn(bench: Connection, steps: int) -> float:
    with suppress(BrokenPipeError):  # _receive reports it
        bench.send(steps)
    seconds: float = _receive(bench)
    return seconds


def _receive(bench: Connection) -> Any:
    try:
        return bench.recv()
    except (EOFError, ConnectionResetError):  # the process has printed its own error, if it had one
        raise RequestError("One of the two loops crashed; there may be too little memory for this batch.") from None


def _tutorial_turns(turns: Connection, batch: int, threads: int, device: torch.device) -> None:
    if threads:
        torch.set_num_threads(threads)
    seed = make_config("tutorial", "doodles").seed
    _serve(turns, tutorial_loop(seed, _pictures(batch).float().div(127.5).sub(1), device), device, "")


def _our_turns(turns: Connection, batch: int, threads: int, device: torch.device) -> None:
    if threads:
        torch.set_num_threads(threads)
    config = make_config("tutorial", "doodles", {"batch": batch, "precision": "auto"})
    bf16 = choose_bf16(config, device)
    state, rng, pictures_u8 = make_state(config, device), torch.Generator().manual_seed(0), _pictures(batch)
    count = torch.get_num_threads()
    about = f"{count} thread{'s' if count > 1 else ''}, ours in {'bf16' if bf16 else 'fp32'}"
    _serve(turns, lambda: train_step(state, pictures_u8, config, rng, bf16), device, about)


def _serve(turns: Connection, step: Callable[[], object], device: torch.device, about: str) -> None:
    """Receive numbers of steps and answer with the seconds that they took, until the other end is closed."""
    _seconds(step, 2, device)  # the first steps build the kernels
    turns.send(about)
    with suppress(EOFError):
        while True:
            turns.send(_seconds(step, turns.recv(), device))


def _pictures(batch: int) -> Tensor:
    model = make_config("tutorial", "doodles").model
    return torch.randint(0, 256, (batch, model.nc, model.image_size, model.image_size), dtype=torch.uint8)


def tutorial_loop(seed: int, reals: Tensor, device: torch.device) -> Callable[[], None]:
    """Return a function that does one step of the published tutorial's loop, unchanged, on the batch `reals`.

    https://docs.pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html
    """
    config = make_config("tutorial", "doodles")
    netG, logits_D = make_networks(config.model, seed)
    netG.to(device)
    netD = nn.Sequential(logits_D, nn.Sigmoid()).to(device)
    optimizerD = torch.optim.Adam(netD.parameters(), lr=config.lr_d, betas=(config.beta1, config.beta2))
    optimizerG = torch.optim.Adam(netG.parameters(), lr=config.lr_g, betas=(config.beta1, config.beta2))
    criterion = nn.BCELoss()

    def step() -> None:
        netD.zero_grad()
        real_cpu = reals.to(device)
        b_size = real_cpu.size(0)
        label = torch.full((b_size,), 1.0, dtype=torch.float, device=device)
        output = netD(real_cpu).view(-1)
        errD_real = criterion(output, label)
        errD_real.backward()
        D_x = output.mean().item()
        noise = torch.randn(b_size, config.model.nz, 1, 1, device=device)
        fake = netG(noise)
        label.fill_(0.0)
        output = netD(fake.detach()).view(-1)
        errD_fake = criterion(output, label)
        errD_fake.backward()
        D_G_z1 = output.mean().item()
        errD = errD_real + errD_fake
        optimizerD.step()
        netG.zero_grad()
        label.fill_(1.0)
        output = netD(fake).view(-1)
        errG = criterion(output, label)
        errG.backward()
        D_G_z2 = output.mean().item()
        optimizerG.step()
        losses.append((errD.item(), errG.item(), D_x, D_G_z1, D_G_z2))

    losses: list[tuple[float, ...]] = []
    return step


def _seconds(step: Callable[[], object], times: int, device: torch.device) -> float:
    start = time.perf_counter()
    for _ in range(times):
        step()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start
