"""The kinds of arrays that the engine passes around."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Bools: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int32]
Integers: TypeAlias = NDArray[np.int64]
Whole: TypeAlias = NDArray[np.integer[Any]]
Reals: TypeAlias = NDArray[np.float64]
