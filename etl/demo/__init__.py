"""Demo data: real Gansu down to the county, synthetic below, incidents all synthetic."""

from etl.demo.areas import demo_areas

__all__ = ["demo_areas"]
