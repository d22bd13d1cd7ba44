"""Which service and which problem a sender's words mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.errors import Refused
from adapters.portals.azure.matching import Entry, choose_problem, choose_service
from adapters.portals.port import Order
from tests.adapters.orders import AZURE, SUBSCRIPTION

VM = ("Microsoft.Compute/virtualMachines",)
SERVICES = [
    Entry("1", "App Service Certificates"),
    Entry("2", "Azure Backup"),
    Entry("3", "Billing"),
    Entry("4", "Blob Storage"),
    Entry("5", "Cosmos DB"),
    Entry("6", "Kubernetes Service (AKS)"),
    Entry("17", "Azure DNS"),
    Entry("18", "Azure NetApp Files"),
    Entry("19", "Files Storage"),
    Entry("7", "Microsoft Entra Directories, Domains, and Objects"),
    Entry("8", "SQL Server in VM - Windows", VM),
    Entry("9", "Storage Account Management"),
    Entry("10", "Virtual Machine running Linux", VM),
    Entry("11", "Virtual Machine running Ubuntu", VM),
    Entry("12", "Virtual Machine running Windows", ("MICROSOFT.COMPUTE/VIRTUALMACHINES",)),
    Entry("13", "Virtual Machine Scale Sets", ("Microsoft.Compute/virtualMachineScaleSets",)),
    Entry("14", "Virtual Network"),
    Entry("15", "Web App (Linux)"),
    Entry("16", "Web App (Windows)"),
]
PROBLEMS = [
    Entry("p1", "Cannot connect to my VM / Remote desktop or SSH does not answer"),
    Entry("p2", "VM performance / CPU, memory or disk is slow"),
    Entry("p3", "General question / My issue is not listed"),
]


PLAIN = replace(AZURE, title="-", description="-")


def chosen(product: str, order: Order = PLAIN) -> str:
    """Choose for an order that says little else."""
    return choose_service(SERVICES, replace(order, product_name=product)).name


@pytest.mark.parametrize(
    ("product", "service"),
    [
        ("Cosmos DB", "Cosmos DB"),
        ("cosmos-db", "Cosmos DB"),
        ("ＣＯＳＭＯＳ　ＤＢ", "Cosmos DB"),
        ("Azure Cosmos DB", "Cosmos DB"),
        ("Backup", "Azure Backup"),
        ("Virtual Networks", "Virtual Network"),
        ("Azure Kubernetes Service", "Kubernetes Service (AKS)"),
        ("Storage Accounts", "Storage Account Management"),
        ("Storage", "Storage Account Management"),
        ("App Service", "Web App (Windows)"),
        ("Microsoft Entra ID", "Microsoft Entra Directories, Domains, and Objects"),
        ("Azure Files", "Files Storage"),
        ("Virtual Machine Scale Sets", "Virtual Machine Scale Sets"),
        ("Virtual Netwrok", "Virtual Network"),
    ],
)
def test_services(product: str, service: str) -> None:
    """A product is found under Azure's name for it."""
    assert chosen(product) == service


@pytest.mark.parametrize(
    ("title", "service"),
    [
        ("-", "Virtual Machine running Windows"),
        ("Ubuntu 24.04 does not start", "Virtual Machine running Ubuntu"),
        ("Linuxの仮想マシンに接続できない", "Virtual Machine running Linux"),
        ("WindowsのVMに接続できない", "Virtual Machine running Windows"),
        ("Scale sets do not scale", "Virtual Machine Scale Sets"),
    ],
)
def test_split_products(title: str, service: str) -> None:
    """What Azure splits is chosen by what the sender says, else for Windows."""
    assert chosen("Virtual Machines", replace(PLAIN, title=title)) == service


def test_resource_decides() -> None:
    """A resource named by the sender weighs more than words."""
    kind = "Microsoft.Compute/virtualMachineScaleSets"
    resource = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/g/providers/{kind}/web"
    order = replace(PLAIN, title="Linux", resource_id=resource)
    assert chosen("Virtual Machines", order) == "Virtual Machine Scale Sets"


def test_other_kinds() -> None:
    """A request that is not technical goes to the service for its kind."""
    assert chosen("Virtual Machines", replace(PLAIN, kind="billing")) == "Billing"


@pytest.mark.parametrize("product", ["Quantum Toaster", "Azure CDN", "Microsoft", ""])
def test_unknown_service(product: str) -> None:
    """Nothing near: refused, with the closest names; the vendor's own brings nothing near."""
    with pytest.raises(Refused) as caught:
        chosen(product)
    assert caught.value.code == "unknown_service"
    assert f"{product!r}; the closest are: " in caught.value.message


def test_own_name_wins() -> None:
    """Where Azure lists the product's own name, nothing else is taken for it."""
    listed = [*SERVICES, Entry("20", "Azure File Sync"), Entry("21", "App Service")]
    for product in ("Azure File Sync", "App Service"):
        order = replace(PLAIN, product_name=product)
        assert choose_service(listed, order).name == product


def test_no_services() -> None:
    """An empty list refuses too, rather than fail."""
    with pytest.raises(Refused):
        choose_service([], AZURE)


@pytest.mark.parametrize(
    ("problem_type", "problem", "literal"),
    [
        ("VM performance / CPU, memory or disk is slow", "p2", True),
        ("vm performance: cpu, memory or disk is slow", "p2", True),
        ("VM performance CPU memory slow", "p2", False),
        ("起動できない", "p3", False),
        (None, "p3", False),
    ],
)
def test_problems(problem_type: str | None, problem: str, literal: bool) -> None:  # noqa: FBT001 - a case's value
    """A problem is found by its name, else by likeness, else among the general ones."""
    found, said = choose_problem(PROBLEMS, problem_type)
    assert (found.id, said) == (problem, literal)


def test_problems_without_a_general_one() -> None:
    """A service without a general classification takes its first."""
    assert choose_problem(PROBLEMS[:2], "起動できない")[0].id == "p1"


def test_no_problems() -> None:
    """A service that lists no problem cannot be filed under."""
    with pytest.raises(Refused) as caught:
        choose_problem([], "x")
    assert caught.value.code == "unknown_problem"
