"""Do the same work for many blocks: here, in threads, in processes, or on whatever cluster joblib is told of.

This is the one seam. Nothing of Wayfellow distributes work: ``joblib.parallel_config`` says who does.
"""

from __future__ import annotations

import hashlib
import pickle
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, TypeVar

import joblib
import numpy as np
from joblib.parallel import get_active_backend
from numpy.typing import NDArray

from wayfellow.errors import WayfellowError

T = TypeVar("T")
Parcel = NDArray[np.uint8]


def each(work: Callable[[slice], T], blocks: Sequence[slice], workers: int) -> Iterator[T]:
    """Yield what ``work`` returns for each block, in order; what it raises ends the iteration.

    The first block is done here, so that what is learnt once is learnt once; the rest side by side by ``workers``,
    or, where that is 1, by as many as ``joblib.parallel_config`` says. Its backend is taken where one is set, else
    threads, since what scores best lets go of the interpreter's lock. Raises WayfellowError when the work can't be sent
    to processes.
    """
    yield from map(work, blocks[:1])
    if len(blocks) > 1:
        with closing(_spread(work, blocks[1:], workers)) as found:
            yield from found


def _spread(work: Callable[[slice], T], blocks: Sequence[slice], workers: int) -> Generator[T, None, None]:
    backend, _ = get_active_backend(prefer="threads")
    parallel = joblib.Parallel(
        n_jobs=workers if workers > 1 else None,
        prefer="threads",
        return_as="generator" if backend.supports_return_generator else "list",
        pre_dispatch="2 * n_jobs",
        batch_size=1,
    )
    if getattr(backend, "supports_sharedmem", False):
        yield from _until_closed(parallel(joblib.delayed(work)(block) for block in blocks))
    else:
        parcel, mark = _pack(work)
        yield from _until_closed(parallel(joblib.delayed(_work_on)(parcel, mark, block) for block in blocks))


def _until_closed(found: Iterable[T]) -> Generator[T, None, None]:
    """Yield what joblib finds; where a run is stopped, end its work without the warning that some was under way."""
    try:
        for one in found:  # noqa: UP028 - "yield from" would close it before the warning can be kept back
            yield one
    finally:
        if isinstance(found, Generator):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.close()


def _pack(work: Any) -> tuple[Parcel, str]:
    """Return the work as bytes and their mark. As an array, joblib sends it to a worker once, not with each block."""
    try:
        packed = pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # a plugin decides what is raised here
        raise WayfellowError(
            f"The plugins can't be sent to other processes ({type(error).__name__}: {error}). "
            "Score with one worker, or with a joblib backend that uses threads."
        ) from error
    return np.frombuffer(packed, dtype=np.uint8), hashlib.sha256(packed).hexdigest()


def _work_on(parcel: Parcel, mark: str, block: slice) -> Any:
    """Unpack the work, or take it as it was unpacked for the block before, and do it for one block."""
    work = _unpacked.get(mark)
    if work is None:
        work = pickle.loads(parcel.tobytes())  # noqa: S301 - packed by the process that asks
        _unpacked.clear()
        _unpacked[mark] = work
    return work(block)


#: The last work that this process was given; it belongs to a worker, which has nothing else.
_unpacked: dict[str, Any] = {}
