// A case file that is dropped anywhere on the page goes into the form that takes files.
export function dropping(send) {
  const form = () => document.querySelector("form[data-drop]");

  document.addEventListener("dragover", (event) => {
    if (!form() || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form().classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form()?.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    if (!form() || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    form().classList.remove("dropping");
    form().elements.file.files = event.dataTransfer.files;
    send(form());
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("form[data-drop] input[type=file]") && event.target.files.length) send(event.target.form);
  });
}
