"""Turn two pools of people into explained pairs.

Read in this order: problem (the question as arrays), scoring (plugins' scores, combined), candidates (the best mentors
per mentee), solve (the assignment), choose (both, until nobody is left beside a free mentor), explain, unmatched,
quality, and pipeline, which runs them all. None of these knows a database.
"""
