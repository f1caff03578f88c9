"""Turn two pools of people into explained pairs.

Read in this order: problem (the question as arrays), scoring (plugins' scores, combined), candidates (the best mentors
per mentee), gather (both, block by block, by the workers of engines), choose (how many pairs can be made, until nobody
is left beside a free mentor; widening says where to look), solve (the assignment), bound (the proof), explain,
unmatched, quality, and pipeline, which runs them all. None of these knows a database.
"""
