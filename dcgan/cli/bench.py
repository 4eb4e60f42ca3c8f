"""`bench`: our training step against the tutorial's loop, in turn, in one process, on the same networks and batch."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from dcgan.cli.common import Commands, add_command
from dcgan.config import make_config
from dcgan.models import make_networks
from dcgan.sampler import choose_device
from dcgan.training.precision import choose_bf16
from dcgan.training.step import make_state, train_step


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "bench",
        "Time our training step against the tutorial's loop, in turn.",
        "bench\nbench --pairs 9 --batch 32",
        run_bench,
    )
    parser.add_argument("--pairs", type=int, default=5, help="how often the two take turns (default 5)")
    parser.add_argument("--steps", type=int, default=5, help="steps a turn (default 5)")
    parser.add_argument("--batch", type=int, default=128, help="pictures a step (default 128)")
    parser.add_argument("--threads", type=int, default=0, help="threads (default: as torch chooses)")
    parser.add_argument("--device", help="cuda, mps or cpu (default: the best there is)")


def run_bench(args: argparse.Namespace) -> None:
    """Prints pictures per second of both, and the ratio pair by pair."""
    device = choose_device(args.device)
    if args.threads:
        torch.set_num_threads(args.threads)
    config = make_config("tutorial", "doodles", {"batch": args.batch})
    bf16 = choose_bf16(config, device)
    state = make_state(config, device)
    rng = torch.Generator().manual_seed(0)
    shape = (args.batch, config.model.nc, config.model.image_size, config.model.image_size)
    pictures_u8 = torch.randint(0, 256, shape, dtype=torch.uint8)
    tutorial_step = tutorial_loop(config.seed, pictures_u8.float().div(127.5).sub(1), device)

    def our_step() -> None:
        train_step(state, pictures_u8, config, rng, bf16)

    for step in (tutorial_step, our_step):  # the first steps build the kernels
        _seconds(step, 2, device)
    print(f"{device}, {torch.get_num_threads()} threads, batch {args.batch}, ours in {'bf16' if bf16 else 'fp32'}")
    ratios = []
    for _ in range(args.pairs):
        theirs, ours = _seconds(tutorial_step, args.steps, device), _seconds(our_step, args.steps, device)
        ratios.append(theirs / ours)
        per_turn = args.batch * args.steps
        print(f"tutorial {per_turn / theirs:7.1f}  ours {per_turn / ours:7.1f} pictures/s  ratio {ratios[-1]:.2f}")
    print(f"ratio: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} pairs")


def tutorial_loop(seed: int, reals: Tensor, device: torch.device) -> Callable[[], None]:
    """The body of the published tutorial's loop, as it stands there, on one batch: → a function that does one step.

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


def _seconds(step: Callable[[], None], times: int, device: torch.device) -> float:
    start = time.perf_counter()
    for _ in range(times):
        step()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start
