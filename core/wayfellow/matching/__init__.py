"""Turn two pools of people into explained pairs.

Read in this order: problem (the question as arrays), scoring (plugins' scores, combined), candidates (the best mentors
per mentee), gather (both, block by block, by the workers of engines), solve (the assignment), choose (all of these,
until nobody is left beside a free mentor; widening says where to look), explain, unmatched, quality, and pipeline,
which runs them all. None of these knows a database.
"""
