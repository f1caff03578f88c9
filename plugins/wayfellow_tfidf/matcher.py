"""Hold the estimator that scores mentees against mentors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from wayfellow_tfidf.checks import check_pairs, check_parameters, check_people
from wayfellow_tfidf.cosines import cosines
from wayfellow_tfidf.cutting import cut
from wayfellow_tfidf.identity import digest
from wayfellow_tfidf.neighbours import read_together
from wayfellow_tfidf.profiles import Profiles, weigh
from wayfellow_tfidf.reasons import Reason, Side, reasons
from wayfellow_tfidf.synonym_groups import SYNONYM_GROUPS
from wayfellow_tfidf.synonyms import read_synonyms, replace_synonyms
from wayfellow_tfidf.tokens import People, tokenise
from wayfellow_tfidf.vocabulary import learn


class TfidfMatcher(BaseEstimator):  # type: ignore[misc]
    """Score mentors for mentees by the weighted words of their texts.

    A person is a sequence of documents, a document a str. Each person becomes one vector of weighted stems (see
    :func:`~wayfellow_tfidf.profiles.weigh`), read together with the people who write most alike (see
    :func:`~wayfellow_tfidf.neighbours.read_together`); the score is the cosine, so each term has its share in it.
    A fitted matcher may score in several threads at once, and travels to other processes by pickle.

    Parameters
    ----------
    neighbours : int, default=6
        How many similar people to read each person together with, themselves among them; 0 compares bare texts.
    neighbour_weight : float, default=1.5
        How much they count: a neighbour's words weigh this times the similarity, a person's own words 1 more than
        this. It is less for a person of fewer than 25 terms, in proportion.
    pool_size : int, default=4096
        Among how many people neighbours are looked for. Where there are more, a sample is taken that hangs on their
        texts alone; it bounds time.
    max_terms : int, default=64
        How many of a person's terms are kept, the heaviest; it bounds time and memory.
    max_mentors : int, default=2000
        How many mentors of a mentee get a score, the best; all others get none. It bounds time and memory.
    synonyms : sequence of str, default=SYNONYM_GROUPS
        Groups of names that mean the same, such as "js, JavaScript" (see
        :func:`~wayfellow_tfidf.synonyms.read_synonyms`).
    likeness : float, default=0.55
        How alike, above 0 to 1, a word that only one side writes must be to one of the other to count as that, times
        how alike they are (see :func:`~wayfellow_tfidf.lookalikes.find_lookalikes`); 1 compares words as they are.

    Attributes
    ----------
    synonyms_ : Synonyms
        Which words stand for which.
    vocabulary_ : Vocabulary
        Terms, their names and idf, learnt from all people given to :meth:`fit`.
    people_ : Side
        The different people given to :meth:`fit`, sorted by :func:`~wayfellow_tfidf.identity.digest`.
    pool_ : csr_array, float32 (n_pool, n_terms)
        The bare vectors of the first of them, among whom neighbours are looked for.
    rows_ : dict of bytes to int
        Where in ``people_`` a person stands, by digest.
    mentors_ : int64 (n_mentors,)
        Where in ``people_`` each mentor stands.
    scored_ : list of people
        The mentees of the last call to :meth:`score`.

    """

    def __init__(
        self,
        neighbours: int = 6,
        neighbour_weight: float = 1.5,
        pool_size: int = 4096,
        max_terms: int = 64,
        max_mentors: int = 2000,
        synonyms: Sequence[str] = SYNONYM_GROUPS,
        likeness: float = 0.55,
    ) -> None:
        self.neighbours = neighbours
        self.neighbour_weight = neighbour_weight
        self.pool_size = pool_size
        self.max_terms = max_terms
        self.max_mentors = max_mentors
        self.synonyms = synonyms
        self.likeness = likeness

    def fit(self, mentors: People, mentees: People | None = None) -> Self:
        """Learn words and neighbours from the mentors, and from the programme's mentees where they are given.

        Give the mentees: words that only they use, and how they put things, are learnt from them, and each is read
        once for all. Equal texts count once, so that a pasted template teaches nothing. Raises ValueError for a
        parameter out of range or synonyms that are no groups of names, TypeError for a person who is not a sequence
        of str.
        """
        check_parameters(self.get_params())
        check_people("mentors", mentors)
        check_people("mentees", mentees or ())
        # Sorted, so that neither sums of floats nor ties among neighbours hang on the order of people.
        keys = [[digest(person) for person in side] for side in (mentors, mentees or ())]
        people = dict(zip(chain(*keys), chain(mentors, mentees or ()), strict=True))
        people = dict(sorted(people.items()))
        self.rows_ = {key: row for row, key in enumerate(people)}
        mentor_rows, mentee_rows = (np.array([self.rows_[key] for key in side], dtype=np.int64) for side in keys)
        self.synonyms_ = read_synonyms(self.synonyms)
        tokens = replace_synonyms(cut(people), self.synonyms_)
        is_mentor, is_mentee = (np.isin(np.arange(len(people)), rows) for rows in (mentor_rows, mentee_rows))
        self.vocabulary_, words = learn(tokens, is_mentor, is_mentee, self.likeness)
        own = weigh(tokens, words, self.vocabulary_.idf)
        self.pool_ = own.vectors[: self.pool_size]
        self.people_ = self._together(own, np.arange(len(people)), self.pool_)
        self.mentors_ = mentor_rows
        self._mentor_terms = csr_array(self.people_.vectors[self.mentors_].astype(np.float64).T)
        # Remembered, never changed: whichever thread finds a row's lowest score finds the same.
        self._lowest_kept = np.full(len(people), np.nan, dtype=np.float32)
        self.scored_: People = []
        return self

    def score(self, mentees: People, asked: NDArray[np.bool_] | None = None) -> csr_array:
        """Return how well each mentor fits each mentee: float32 (n_mentees, n_mentors) in [0, 1].

        A mentee's row hangs on that mentee and on what was fitted, never on who else is asked about. It holds the
        ``max_mentors`` best, and more only where several tie for the last place. Where ``asked`` bool (n_mentors,)
        marks some mentors, the others are left out of it, which is as much quicker. Raises NotFittedError before
        :meth:`fit`, TypeError for a person who is not a sequence of str.
        """
        check_is_fitted(self)
        check_people("mentees", mentees)
        self.scored_ = mentees
        rows, side = self._find(mentees)
        return self._cosines(rows, side)[0] if asked is None else self._some_cosines(rows, side, asked)

    def explain(self, mentee_index: int, mentor_index: int) -> list[Reason]:
        """Return the terms' shares in a score of the last call to :meth:`score`, the largest first.

        They add up to the score within 1e-6. Where several threads score, :meth:`explain_pairs` is the one to ask.
        Raises NotFittedError before :meth:`fit`, IndexError for a position that does not exist.
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
        rows, side = self._find(mentees)
        asked = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        wanted = np.stack([rows[asked[:, 0]], self.mentors_[asked[:, 1]]], axis=1)
        return reasons(side, self.people_, wanted, self._lowest(rows, side)[asked[:, 0]])

    def _find(self, people: People) -> tuple[NDArray[np.int64], Side]:
        """Return where people stand, and in what: among the fitted, or among themselves where one was not fitted."""
        rows = np.array([self.rows_.get(digest(person), -1) for person in people], dtype=np.int64)
        if (rows >= 0).all():
            return rows, self.people_
        tokens = replace_synonyms(tokenise(people), self.synonyms_)
        own = weigh(tokens, self.vocabulary_.read(tokens), self.vocabulary_.idf)
        return np.arange(len(people)), self._together(own, rows, self.pool_)

    def _together(self, own: Profiles, places: NDArray[np.int64], pool: csr_array) -> Side:
        places = np.where(places < pool.shape[0], places, -1)
        limits = self.neighbours, self.neighbour_weight, self.max_terms
        return Side(own, read_together(own.vectors, pool, *limits, places))

    def _cosines(self, rows: NDArray[np.int64], side: Side) -> tuple[csr_array, NDArray[np.float32]]:
        scores, lowest = cosines(side.vectors[rows], self._mentor_terms, self.max_mentors)
        if side is self.people_:
            self._lowest_kept[rows] = lowest
        return scores, lowest

    def _some_cosines(self, rows: NDArray[np.int64], side: Side, asked: NDArray[np.bool_]) -> csr_array:
        mentors = np.flatnonzero(asked)
        some, _ = cosines(side.vectors[rows], csr_array(self._mentor_terms[:, mentors]), len(mentors))
        some.data[some.data < np.repeat(self._lowest(rows, side), np.diff(some.indptr))] = 0
        some.eliminate_zeros()
        return csr_array((some.data, mentors[some.indices], some.indptr), shape=(len(rows), len(asked)))

    def _lowest(self, rows: NDArray[np.int64], side: Side) -> NDArray[np.float32]:
        """Return the lowest score that each row keeps."""
        if len(self.mentors_) <= self.max_mentors:
            return np.zeros(len(rows), dtype=np.float32)
        if side is not self.people_:
            return self._cosines(rows, side)[1]
        self._cosines(np.unique(rows[np.isnan(self._lowest_kept[rows])]), side)
        lowest: NDArray[np.float32] = self._lowest_kept[rows]
        return lowest
