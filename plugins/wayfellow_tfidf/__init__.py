"""Match mentees with mentors by the words of their texts."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wayfellow_tfidf.matcher import TfidfMatcher as TfidfMatcher
    from wayfellow_tfidf.reasons import Reason as Reason

__all__ = ["Reason", "TfidfMatcher"]


def __getattr__(name: str) -> Any:
    """Import the matcher when it is first asked for: scikit-learn is too slow to load at every start."""
    if name == "TfidfMatcher":
        from wayfellow_tfidf.matcher import TfidfMatcher

        return TfidfMatcher
    if name == "Reason":
        from wayfellow_tfidf.reasons import Reason

        return Reason
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
