"""What can go wrong in recommending."""

from mediagateway.errors import ConflictError, InvalidInputError, NotFoundError


class InteractionFileError(InvalidInputError):
    """A file of interactions cannot be read."""


class ModelNotFoundError(NotFoundError):
    """There is no such version of the model."""

    code = "model_not_found"
    title = "Model not found"


class ExperimentNotFoundError(NotFoundError):
    """There is no such experiment."""

    code = "experiment_not_found"
    title = "Experiment not found"


class ExperimentNameTakenError(ConflictError):
    """Another experiment has this name."""

    code = "experiment_name_taken"
    title = "The name is taken"


class ExperimentStatusError(ConflictError):
    """The experiment cannot go from its status to that one, or cannot be changed any more."""

    code = "experiment_status"
    title = "The experiment's status does not allow it"


class NotExposedError(ConflictError):
    """The person was never shown a variant of this experiment, so nothing they do counts for it."""

    code = "not_exposed"
    title = "Not part of the experiment"


class UnknownDismissalError(NotFoundError):
    """There is no such genre or person to dismiss."""

    code = "unknown_dismissal"
    title = "Nothing to dismiss"
