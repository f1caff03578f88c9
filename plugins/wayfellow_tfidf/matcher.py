"""Hold the estimator that scores mentees against mentors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy.sparse import csr_array, vstack
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from wayfellow_tfidf.checks import check_pairs, check_parameters, check_people
from wayfellow_tfidf.neighbours import read_together
from wayfellow_tfidf.profiles import weigh
from wayfellow_tfidf.reasons import Reason, Side, reasons
from wayfellow_tfidf.tokens import People, tokenise
from wayfellow_tfidf.vocabulary import learn

_BLOCK = 1024


class TfidfMatcher(BaseEstimator):  # type: ignore[misc]
    """Score mentors for mentees by the weighted words of their texts.

    A person is a sequence of documents, a document a str. Each person becomes one vector of weighted stems (see
    :func:`~wayfellow_tfidf.profiles.weigh`), read together with the people who write most alike (see
    :func:`~wayfellow_tfidf.neighbours.read_together`); the score is the cosine, so each term has its share in it.

    Parameters
    ----------
    neighbours : int, default=10
        How many similar people to read each person together with; 0 compares bare texts.
    neighbour_weight : float, default=1.0
        How much they count: a neighbour's words weigh this times the similarity, a person's own words 1.
    max_terms : int, default=128
        How many of a person's terms are kept, the heaviest; it bounds time and memory.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        Terms, their names and idf, learnt from all people given to :meth:`fit`.
    pool_ : csr_array, float32 (n_people, n_terms)
        The different people among whom neighbours are looked for.
    mentors_ : Side
        The mentors' vectors.
    scored_ : list of people
        The mentees of the last call to :meth:`score`.

    """

    def __init__(self, neighbours: int = 10, neighbour_weight: float = 1.0, max_terms: int = 128) -> None:
        self.neighbours = neighbours
        self.neighbour_weight = neighbour_weight
        self.max_terms = max_terms

    def fit(self, mentors: People, mentees: People | None = None) -> Self:
        """Learn words and neighbours from the mentors, and from the programme's mentees where they are given.

        Give the mentees: words that only they use, and how they put things, are learnt from them. Equal texts count
        once, so that a pasted template teaches nothing. Raises ValueError for a parameter out of range, TypeError for
        a person who is not a sequence of str.
        """
        check_parameters(self.neighbours, self.neighbour_weight, self.max_terms)
        check_people("mentors", mentors)
        check_people("mentees", mentees or ())
        # Sorted, so that neither sums of floats nor ties among neighbours hang on the order of people.
        tokens = tokenise(sorted({tuple(person) for side in (mentors, mentees or ()) for person in side}))
        self.vocabulary_ = learn(tokens)
        self.pool_ = weigh(tokens, self.vocabulary_).vectors
        self.mentors_ = self._side(mentors)
        self.scored_: People = []
        return self

    def score(self, mentees: People) -> csr_array:
        """Return how well each mentor fits each mentee: float32 (n_mentees, n_mentors) in [0, 1].

        A mentee's row hangs on that mentee and on what was fitted, never on who else is asked about. Raises
        NotFittedError before :meth:`fit`, TypeError for a person who is not a sequence of str.
        """
        check_is_fitted(self)
        check_people("mentees", mentees)
        self.scored_ = mentees
        mentors = self.mentors_.vectors.astype(np.float64)
        starts = range(0, len(mentees), _BLOCK)
        blocks = [_cosines(self._side(mentees[start : start + _BLOCK]).vectors, mentors) for start in starts]
        return csr_array(vstack(blocks, format="csr")) if blocks else _cosines(mentors[:0], mentors)

    def explain(self, mentee_index: int, mentor_index: int) -> list[Reason]:
        """Return the terms' shares in a score of the last call to :meth:`score`, the largest first.

        They add up to the score within 1e-6. Raises NotFittedError before :meth:`fit`, IndexError for a position that
        does not exist.
        """
        check_is_fitted(self)
        check_pairs([(mentee_index, mentor_index)], len(self.scored_), len(self.mentors_))
        return self.explain_pairs([self.scored_[mentee_index]], [(0, mentor_index)])[0]

    def explain_pairs(self, mentees: People, pairs: Sequence[tuple[int, int]]) -> list[list[Reason]]:
        """Return what :meth:`explain` says, for pairs of a position in ``mentees`` and a mentor's position.

        Raises NotFittedError before :meth:`fit`, IndexError for a position that does not exist, TypeError for a person
        who is not a sequence of str.
        """
        check_is_fitted(self)
        check_people("mentees", mentees)
        check_pairs(pairs, len(mentees), len(self.mentors_))
        rows = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return reasons(self.vocabulary_.names, self._side(mentees), self.mentors_, rows)

    def _side(self, people: People) -> Side:
        own = weigh(tokenise(people), self.vocabulary_)
        together = read_together(own.vectors, self.pool_, self.neighbours, self.neighbour_weight, self.max_terms)
        return Side(own, together)


def _cosines(mentees: csr_array, mentors: csr_array) -> csr_array:
    # In float64, so that explanations add up to the score. Turned round, because that sorts the indices on the way.
    scores: csr_array = csr_array((mentors @ mentees.T).astype(np.float32).T)
    scores.data = np.minimum(scores.data, np.float32(1))
    return scores
