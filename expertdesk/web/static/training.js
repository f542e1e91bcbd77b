// Live totals of a group's declaration: the sum of the amounts, and what is left of the control number. Enhances only.
const form = document.querySelector("form[data-totals]");
if (form) {
  const amounts = [...form.querySelectorAll("input[name^='budget_']")];
  const total = form.querySelector("[data-total]");
  const people = form.querySelector("input[name='people_planned']");
  const left = form.querySelector("[data-people-left]");
  const plain = (text) => {
    const tidy = text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).replace(/[,，\s¥￥]/g, "");
    return /^\d+(\.\d{1,2})?$/.test(tidy) ? Number(tidy) : null;
  };
  const show = () => {
    if (total) {
      const values = amounts.map((input) => plain(input.value));
      const known = values.filter((value) => value !== null);
      total.textContent = known.length ? known.reduce((sum, value) => sum + value, 0).toLocaleString("en", { maximumFractionDigits: 2 }) : "—";
    }
    if (left && people && form.dataset.control) {
      const control = Number(form.dataset.control);
      const rest = control - Number(form.dataset.others) - (plain(people.value) ?? 0);
      const text = rest >= 0 ? left.dataset.left : left.dataset.over;
      left.textContent = text.replace("{n}", Math.abs(rest)).replace("{control}", control);
      left.classList.toggle("c-bad", rest < 0);
    }
  };
  form.addEventListener("input", show);
  show();
}
