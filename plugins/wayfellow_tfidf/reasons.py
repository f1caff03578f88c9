"""Take scores apart into the terms that make them up."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow_tfidf.profiles import Profiles
from wayfellow_tfidf.tokens import ranges, spans


class Reason(NamedTuple):
    """Hold one term's share of a score.

    A term that the two spell in different ways, as *javascirpt* and *javascript*, holds both with "≈" between them,
    the mentee's first. The documents are positions among the person's documents, those where the term weighs most; None
    says that the person doesn't write the term, but people with much the same texts do.
    """

    term: str
    share: float
    mentee_document: int | None
    mentor_document: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Hold one side of the pairs: what people say themselves, and the vectors that they are compared by."""

    own: Profiles
    vectors: csr_array

    def __len__(self) -> int:
        return int(self.vectors.shape[0])


def reasons(mentees: Side, mentors: Side, pairs: NDArray[np.int64], lowest: NDArray[np.float32]) -> list[list[Reason]]:
    """Return the terms that each pair shares, the heaviest first; the shares add up to the pair's cosine.

    ``pairs`` int64 (k, 2): rows of mentees and of mentors. A pair whose cosine is below ``lowest`` float32
    (k,) has no terms, as it has no score.
    """
    rows, others = pairs.T
    shared = csr_array(mentees.vectors[rows].astype(np.float64).multiply(mentors.vectors[others]))
    pair = np.repeat(np.arange(len(pairs)), np.diff(shared.indptr))
    # Added up in the order of the scores' own product, so that the last bit is the same.
    kept = np.bincount(pair, shared.data, minlength=len(pairs)).astype(np.float32) >= lowest
    if not kept.all():
        shared.data[~kept[pair]] = 0
        shared.eliminate_zeros()
        pair = np.repeat(np.arange(len(pairs)), np.diff(shared.indptr))
    order = np.lexsort((shared.indices, -shared.data, pair))
    terms, pair = shared.indices[order], pair[order]
    mentee_documents, mentee_words = _said(mentees.own, rows[pair], terms)
    mentor_documents, mentor_words = _said(mentors.own, others[pair], terms)
    found = list(
        map(
            Reason,
            map(_term, mentee_words, mentor_words),
            shared.data[order].tolist(),
            mentee_documents,
            mentor_documents,
        )
    )
    return [found[start:end] for start, end in pairwise(shared.indptr.tolist())]


def _term(mentee_word: str, mentor_word: str) -> str:
    return mentee_word if mentee_word == mentor_word else f"{mentee_word} ≈ {mentor_word}"


def _said(own: Profiles, rows: NDArray[np.int64], terms: NDArray[np.int32]) -> tuple[list[int | None], list[str]]:
    """Return for each row and term the document where it weighs most, and the word that stands there.

    Where the person doesn't write the term, these are None and the term's own name.
    """
    people, which = np.unique(rows, return_inverse=True)
    start, length = spans(own.vectors.indptr.astype(np.int64), people)
    own_terms, n_terms = ranges(start, length), own.vectors.shape[1]
    # A last key that nothing equals, so that each search ends at a key.
    keys = np.append(np.repeat(np.arange(len(people)), length) * n_terms + own.vectors.indices[own_terms], -1)
    wanted = which * n_terms + terms
    place = np.searchsorted(keys[:-1], wanted)
    known = keys[place] == wanted
    documents = np.append(own.documents[own_terms], -1)[place]
    words = np.where(known, np.append(own.words[own_terms], -1)[place], terms)
    return (
        [d if is_said else None for d, is_said in zip(documents.tolist(), known.tolist(), strict=True)],
        [own.names[word] for word in words.tolist()],
    )
