"""The one architectural rule that import-linter has no built-in contract for."""

from collections.abc import Sequence

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AppFacade(Contract):
    """Apps reach one another only through the public modules of each app."""

    type_name = "app_facade"
    container = fields.StringField()
    # import-linter puts the value in the field's place when it reads the contract.
    public: Sequence[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment] # see above

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 -- import-linter's signature
        """Collect the direct imports that cross from one app into a private module of another."""
        root, breaches = f"{self.container}.", []
        for importer in sorted(graph.find_descendants(str(self.container))):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                here, there = importer.removeprefix(root).split("."), imported.removeprefix(root).split(".")
                if imported.startswith(root) and here[0] != there[0] and not self._may(here, there):
                    breaches.append(f"{importer} -> {imported}")
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    def _may(self, here: Sequence[str], there: Sequence[str]) -> bool:
        """Public modules are open to all; test suites may also share each other's factories."""
        role = there[1] if len(there) > 1 else None
        return role in self.public or (role == "tests" and "tests" in here)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that broke the rule."""
        for breach in check.metadata["breaches"]:
            output.print_error(breach)
