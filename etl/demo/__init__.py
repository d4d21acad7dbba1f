"""Demo data: real Gansu down to the county, synthetic below, incidents all synthetic."""

from etl.demo.areas import demo_areas
from etl.demo.incidents import demo_incidents

__all__ = ["demo_areas", "demo_incidents"]
