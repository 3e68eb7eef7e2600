"""EMA cross of backtesting.py over one-minute bars from standard input (one close a line): prints bars and processor seconds."""
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
from backtesting import Backtest, Strategy
from backtesting.lib import crossover

close = np.array([float(line) for line in sys.stdin])
open_ = np.r_[close[0], close[:-1]]
data = pd.DataFrame(
    {"Open": open_, "High": np.maximum(open_, close), "Low": np.minimum(open_, close), "Close": close},
    index=pd.date_range("2020-01-01", periods=len(close), freq="min"),
)


def ema(values, span):
    return pd.Series(values).ewm(span=span, adjust=False).mean()


class EmaCross(Strategy):
    def init(self):
        self.fast = self.I(ema, self.data.Close, 20)
        self.slow = self.I(ema, self.data.Close, 100)

    def next(self):
        if crossover(self.fast, self.slow):
            self.buy(size=1)
        elif crossover(self.slow, self.fast):
            self.position.close()


backtest = Backtest(data, EmaCross, cash=1_000_000, commission=0.0005)
start = time.process_time()
stats = backtest.run()
print(len(close), time.process_time() - start, int(stats["# Trades"]))
