"""Find Client: exact results at a cost that does not grow with the table, and near matches.

docs/search.md says which index serves what, and what it costs.
"""

from clients.search.criteria import Criteria
from clients.search.exact import Matches, exact_matches
from clients.search.near import NearMatch, near_matches
from clients.search.order import Order
