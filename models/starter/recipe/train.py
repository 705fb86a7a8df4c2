"""Train the starter's adapter.

    python -m models.starter.recipe.train --domain domain.tsv --general FOLDER/*.tsv.gz --names names.tsv \\
        --held-out eval.en --start models/starter/adapter.safetensors --steps 4000 -o OUT

Stops and goes on: `OUT` holds the last checkpoint, and the same command continues from it with the very
examples that were next. At the end, and at every checkpoint, `OUT/adapter.safetensors` is what the build
takes (`--adapter` of `benchmarks.starter` measures it). Then: copy it over
`models/starter/adapter.safetensors`, put its sha256 into `models/starter/recipe_id.py`, and the scores before
and after into the card.

Runs on CUDA in bfloat16, on a CPU with AMX in bfloat16, on any other CPU in float32, ten times slower. Needs
the extra `checkpoints`. The loss is taken over the tokens that occur in answers (about a quarter of those
kept), which saves most of the output layer's work and cannot be seen in the result.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf.quants import dequantize
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from corpora.errors import UsageError
from models.starter import base, vocabulary
from models.starter.build import KEPT
from models.starter.recipe import adapter_file, corpus, network

_PAD_TO = 32  # few lengths of batches, so that compiled kernels are used again
_NO_ANSWER = -100
_AT_A_TIME = 20_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is trained and how; all of it is part of a checkpoint, which no other plan may continue.

    Attributes:
        steps: of the optimiser.
        batch: examples a step.
        rate: peak of the learning rate, reached after `warmup` steps, then down to a tenth by a cosine.
        rank: of the change; with `all_weights`, of its approximation that is written at the end.
        all_weights: train the projections themselves.
        longest: tokens; longer examples are left out.
        seed: of the mixture and of the first factors.
    """

    steps: int
    batch: int = 32
    rate: float = 3e-4
    warmup: int = 100
    rank: int = 32
    all_weights: bool = False
    longest: int = 256
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Tokens:
    """Examples as the network takes them: ids by row, and which of them are to be learnt."""

    ids: torch.Tensor
    labels: torch.Tensor


class Reader:
    """Turns examples into padded batches of ids.

    Args:
        tokenizer: the trimmed one that the starter runs with.
    """

    def __init__(self, tokenizer: Tokenizer, text: corpus.Corpus, plan: Plan) -> None:
        self._tokenizer, self._text, self._plan = tokenizer, text, plan
        self._bos, self._eos = (_id(tokenizer, name) for name in (vocabulary.BOS, vocabulary.EOS))

    def batch(self, step: int) -> Tokens:
        """Return the batch of a step: a function of the plan and the step alone."""
        rows: list[tuple[list[int], list[int]]] = []
        number = step * self._plan.batch * 4  # room for the examples that are left out
        last = number + self._plan.batch * 4
        while len(rows) < self._plan.batch and number < last:
            row = self._row(corpus.example(self._text, self._plan.seed, number))
            number += 1
            if len(row[0]) + len(row[1]) <= self._plan.longest:
                rows.append(row)
        if not rows:
            raise UsageError(f"no example of step {step} has at most {self._plan.longest} tokens")
        return self._padded(rows)

    def _row(self, one: corpus.Example) -> tuple[list[int], list[int]]:
        prompt = self._tokenizer.encode(one.prompt, add_special_tokens=False).ids
        whole = self._tokenizer.encode(one.prompt + one.answer, add_special_tokens=False).ids
        if whole[: len(prompt)] != prompt:  # prompt and answer would be joined into one token
            whole = prompt + self._tokenizer.encode(one.answer, add_special_tokens=False).ids
        return [self._bos, *prompt], [*whole[len(prompt) :], self._eos]

    def _padded(self, rows: Sequence[tuple[list[int], list[int]]]) -> Tokens:
        longest = max(len(prompt) + len(answer) for prompt, answer in rows)
        width = -(-longest // _PAD_TO) * _PAD_TO
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        labels = torch.full((len(rows), width), _NO_ANSWER, dtype=torch.long)
        for at, (prompt, answer) in enumerate(rows):
            ids[at, : len(prompt) + len(answer)] = torch.tensor(prompt + answer)
            labels[at, len(prompt) : len(prompt) + len(answer)] = torch.tensor(answer)
        return Tokens(ids, labels)

    def answers(self) -> NDArray[np.int64]:
        """Return the ids that occur in any answer, ascending, the end mark among them."""
        found = {self._eos}
        texts = list(self._targets())
        for start in range(0, len(texts), _AT_A_TIME):
            batch = self._tokenizer.encode_batch_fast(
                texts[start : start + _AT_A_TIME], add_special_tokens=False
            )
            found.update(number for one in batch for number in one.ids)
        return np.array(sorted(found), np.int64)

    def _targets(self) -> Iterator[str]:
        for pairs in (*self._text.domain.values(), *self._text.general.values()):
            yield from (" " + " ".join(pair.target.split()) for pair in pairs)


def _id(tokenizer: Tokenizer, piece: str) -> int:
    number = tokenizer.token_to_id(piece)
    assert number is not None, piece  # every cut of the vocabulary keeps it
    return int(number)


def loss(model: Any, tokens: Tokens, wanted: torch.Tensor) -> torch.Tensor:
    """Return the mean cross entropy of the answers' tokens, over the `wanted` ids alone."""
    hidden = model.model(input_ids=tokens.ids, use_cache=False).last_hidden_state[:, :-1]
    labels = tokens.labels[:, 1:]
    learnt = labels != _NO_ANSWER
    logits = hidden[learnt] @ model.model.embed_tokens.weight[wanted].T
    return torch.nn.functional.cross_entropy(logits.float(), torch.searchsorted(wanted, labels[learnt]))


def rate(plan: Plan, step: int) -> float:
    """Return the learning rate of a step."""
    if step < plan.warmup:
        return plan.rate * (step + 1) / plan.warmup
    done = (step - plan.warmup) / max(1, plan.steps - plan.warmup)
    return plan.rate * (0.1 + 0.45 * (1 + math.cos(math.pi * done)))


def device() -> tuple[str, torch.dtype]:
    """Return where to train, and in what arithmetic."""
    if torch.cuda.is_available():
        return "cuda", torch.bfloat16
    flags = Path("/proc/cpuinfo")
    amx = flags.is_file() and "amx_bf16" in flags.read_text()
    return "cpu", torch.bfloat16 if amx else torch.float32


class Trainer:
    """A training under way: the model, its optimiser, the step it has reached.

    Args:
        gguf: the base model.
        kept: ids of the tokens that stay, ascending.
        start: adapter to begin at, or None.
        folder: of the checkpoint and of the adapter that comes out.
    """

    def __init__(
        self,
        plan: Plan,
        gguf: Path,
        kept: Sequence[int],
        text: corpus.Corpus,
        start: Path | None,
        folder: Path,
    ) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.step, self._folder = plan, 0, folder
        self._gguf = base.read(gguf)
        self._place, self._dtype = device()
        self.model = network.base_model(self._gguf, kept)
        network.free(self.model, start) if plan.all_weights else network.lower(self.model, plan.rank, start)
        self.model.to(self._place).train()
        words = vocabulary.tokenizer(vocabulary.read_vocabulary(self._gguf), kept)
        self.reader = Reader(words, text, plan)
        self._wanted = torch.from_numpy(self.reader.answers()).to(self._place)
        self._trained = {n: p for n, p in self.model.named_parameters() if p.requires_grad}
        self._optimiser = torch.optim.AdamW(self._trained.values(), lr=plan.rate, weight_decay=0.01)
        self._resume()

    def one_step(self) -> float:
        """Learn from one batch and return its loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = rate(self.plan, self.step)
        tokens = self.reader.batch(self.step)
        tokens = Tokens(tokens.ids.to(self._place), tokens.labels.to(self._place))
        with torch.autocast(self._place, self._dtype, enabled=self._dtype != torch.float32):
            value = loss(self.model, tokens, self._wanted)
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._trained.values(), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.step += 1
        return float(value.detach())

    def save(self) -> None:
        """Put the checkpoint and the adapter in place, each whole or not at all."""
        adapter_file.write(
            network.factors_of(self.model, self._base, self.plan.rank), self._folder / "adapter.safetensors"
        )
        temporary = Path(tempfile.mkdtemp(prefix=".checkpoint-", dir=self._folder))
        states = self._optimiser.state_dict()["state"]
        tensors = {f"weight/{name}": one.detach().cpu().contiguous() for name, one in self._trained.items()}
        for number, name in enumerate(self._trained):
            for part in ("exp_avg", "exp_avg_sq", "step"):
                tensors[f"{part}/{name}"] = states[number][part].detach().cpu().contiguous()
        save_file(tensors, temporary / "state.safetensors")
        text = json.dumps({"plan": asdict(self.plan), "step": self.step})
        (temporary / "state.json").write_text(text, encoding="utf-8")
        place = self._folder / "checkpoint"
        old = self._folder / ".checkpoint-old"
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        temporary.rename(place)
        shutil.rmtree(old, ignore_errors=True)

    def _resume(self) -> None:
        place = self._folder / "checkpoint"
        if not place.is_dir():
            place = self._folder / ".checkpoint-old"  # killed between two renames
        if not place.is_dir():
            return
        state = json.loads((place / "state.json").read_text(encoding="utf-8"))
        if state["plan"] != asdict(self.plan):
            raise UsageError(
                "the checkpoint is of another plan", place=str(place), fix="Name another folder with -o"
            )
        tensors = load_file(place / "state.safetensors")
        self.step = int(state["step"])
        states = {}
        with torch.no_grad():
            for number, (name, parameter) in enumerate(self._trained.items()):
                parameter.copy_(tensors[f"weight/{name}"])
                states[number] = {
                    part: tensors[f"{part}/{name}"] for part in ("step", "exp_avg", "exp_avg_sq")
                }
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": states, "param_groups": groups})

    def _base(self, name: str) -> NDArray[np.float32]:
        _, _, layer, part = name.split(".", 3)
        theirs = next(key for key, ours in network.GGUF_NAMES.items() if ours == part)
        tensor = next(one for one in self._gguf.tensors if one.name == f"blk.{layer}.{theirs}.weight")
        return np.array(dequantize(tensor.data, tensor.tensor_type), np.float32)


def train(trainer: Trainer, every: int) -> None:
    """Train to the end of the plan, with a line of progress and a checkpoint every so many steps."""
    started, first = time.monotonic(), trainer.step
    losses: list[float] = []
    while trainer.step < trainer.plan.steps:
        losses.append(trainer.one_step())
        if trainer.step % every == 0 or trainer.step == trainer.plan.steps:
            trainer.save()
            pace = (trainer.step - first) / (time.monotonic() - started)
            print(f"step {trainer.step}  loss {np.mean(losses):.3f}  {pace:.2f} steps/s", flush=True)
            losses.clear()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Train the starter's adapter.")
    parser.add_argument("--general", type=Path, nargs="*", default=[], metavar="SOURCE.LANG.tsv.gz")
    parser.add_argument("--domain", type=Path, nargs="*", default=[], metavar="TSV")
    parser.add_argument("--names", type=Path, nargs="*", default=[], metavar="TSV")
    parser.add_argument("--held-out", type=Path, nargs="*", default=[], metavar="TEXT")
    parser.add_argument("--start", type=Path, metavar="ADAPTER")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--all-weights", action="store_true")
    parser.add_argument("--every", type=int, default=200, help="steps between checkpoints")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    held = [line for path in options.held_out for line in path.read_text(encoding="utf-8").splitlines()]
    text = corpus.read(options.general, options.domain, options.names, held)
    plan = Plan(
        options.steps, options.batch, options.rate, rank=options.rank, all_weights=options.all_weights
    )
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        gguf = base.assemble(base.part_paths(), Path(folder))
        kept = vocabulary.read_kept(KEPT)
        train(Trainer(plan, gguf, kept, text, options.start, options.output), options.every)


if __name__ == "__main__":
    main()
