"""The shipped company, and any number of others like it: `load_*` is shipped, `make_*` is simulated with a seed."""

from kamlib.datasets.shipped import (
    CompanyFiles,
    company_files,
    company_path,
    fixed_costs,
    load_company,
    read,
    write_company,
)
from kamlib.datasets.simulated import (
    DAYS,
    FALTERING_SECTOR,
    FIRST,
    LAST,
    PLANTS,
    PRODUCT_GROUPS,
    REGIONS,
    SECTORS,
    Company,
    make_company,
)

__all__ = [
    "DAYS",
    "FALTERING_SECTOR",
    "FIRST",
    "LAST",
    "PLANTS",
    "PRODUCT_GROUPS",
    "REGIONS",
    "SECTORS",
    "Company",
    "CompanyFiles",
    "company_files",
    "company_path",
    "fixed_costs",
    "load_company",
    "make_company",
    "read",
    "write_company",
]
