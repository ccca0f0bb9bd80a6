// Starts Swagger UI over the document that the page names. A file of its own, because the page allows no inline script.
"use strict";

const root = document.getElementById("swagger-ui");

SwaggerUIBundle({
  domNode: root,
  url: root.dataset.document,
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
