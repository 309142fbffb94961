"""The dashboard: sliders, ticks and files over the model of a firm's key accounts, in JupyterLab and as an app."""

from kamlib.dashboard.explore import Slider, explore
from kamlib.dashboard.view import show

__all__ = ["Slider", "explore", "show"]
