"""Let a word that only one side writes count as the most alike word of the other: javascirpt as javascript.

Words are as alike as the sets of their three-character sequences, which misspellings, compounds and words of one root
mostly share (Angell, Freund & Willett 1983, "Automatic spelling correction using a trigram similarity measure").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sparse_dot_topn import sp_matmul_topn  # type: ignore[import-untyped]  # it brings no types

_THREADS = 2
"""From two on, sparse_dot_topn takes its faster path."""

_SHORTEST = 5
"""Characters from which on a word tells itself apart: shorter ones that look alike are most often two (plan, plant)."""

_EXACT = re.compile(r"[\d+#.]")
"""What marks a word that means one thing alone, letter by letter: C++, .NET, ISO27001."""

_SEQUENCES = HashingVectorizer(
    analyzer="char_wb", ngram_range=(3, 3), binary=True, n_features=2**16, alternate_sign=False, dtype=np.float32
)


@dataclass(frozen=True, slots=True, eq=False)
class Lookalikes:
    """Hold as which term each word counts, and how alike the two are.

    ``term`` int32 (n_words,), a word's own position where it stands for itself, and ``likeness`` float64 (n_words,) in
    (0, 1]; ``least`` is the likeness from which on words count as others, and none do where it is 1.
    ``targets`` int64 holds the words that others may count as, ``sequences`` float32 (n_targets, n_sequences) what
    they look like, rows of length 1.
    """

    term: NDArray[np.int32]
    likeness: NDArray[np.float64]
    least: float
    targets: NDArray[np.int64]
    sequences: csr_array

    def nearest(self, words: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return as which term each of these other words counts, -1 where none is alike, and how alike they are."""
        return _nearest(words, self.targets, self.sequences, self.least)


def find_lookalikes(
    words: Sequence[str], of_mentors: NDArray[np.bool_], of_mentees: NDArray[np.bool_], least: float
) -> Lookalikes:
    """Find the words that count as others.

    A word of mentors alone counts as the most alike of those that both sides write; a word of mentees alone, or one
    never seen, as the most alike that mentors write and that stands for itself. ``words`` are sorted and different, so
    that ties hang on nothing else; ``of_mentors`` and ``of_mentees`` bool (n_words,) say who writes them.
    """
    term, likeness = np.arange(len(words), dtype=np.int32), np.ones(len(words))
    telling = np.array([_tells(word) for word in words], dtype=bool)
    for sources, others in ((of_mentors & ~of_mentees, of_mentees), (of_mentees & ~of_mentors, None)):
        is_target = telling & of_mentors & (term == np.arange(len(words)))
        targets = np.flatnonzero(is_target if others is None else is_target & others)
        sequences = _look(words, targets)
        asked = np.flatnonzero(sources & telling)
        found, alike = _nearest([words[position] for position in asked.tolist()], targets, sequences, least)
        term[asked[found >= 0]], likeness[asked[found >= 0]] = found[found >= 0], alike[found >= 0]
    return Lookalikes(term, likeness, least, targets, sequences)


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST and not _EXACT.search(word)


def _look(words: Sequence[str], positions: NDArray[np.int64]) -> csr_array:
    if not len(positions):
        return csr_array((0, _SEQUENCES.n_features), dtype=np.float32)
    return csr_array(_SEQUENCES.transform([words[position] for position in positions.tolist()]))


def _nearest(
    words: Sequence[str], targets: NDArray[np.int64], sequences: csr_array, least: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    term, likeness = np.full(len(words), -1, dtype=np.int32), np.zeros(len(words))
    telling = np.array([position for position, word in enumerate(words) if _tells(word)], dtype=np.int64)
    if least < 1 and len(telling) and len(targets):
        looks = csr_matrix(_look(words, telling))
        best = csr_array(
            sp_matmul_topn(looks, csr_matrix(sequences.T), 1, threshold=least, sort=True, n_threads=_THREADS)
        )
        has_one = telling[np.diff(best.indptr) > 0]
        term[has_one], likeness[has_one] = targets[best.indices], np.minimum(best.data, 1)
    return term, likeness
