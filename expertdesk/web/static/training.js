// Live totals of a group's declaration: the sum of the amounts, and what is left of the unit's control number for the part
// of the plan the group belongs to. Enhances only: the same sentence stands there after sending.
const form = document.querySelector("form[data-totals]");
if (form) {
  const amounts = [...form.querySelectorAll("input[name^='budget_']")];
  const total = form.querySelector("[data-total]");
  const people = form.querySelector("input[name='people_planned']");
  const left = form.querySelector("[data-people-left]");
  const numbers = JSON.parse(form.dataset.numbers || "{}");
  const plain = (text) => {
    const tidy = text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).replace(/[,，\s¥￥]/g, "");
    return /^\d+(\.\d{1,2})?$/.test(tidy) ? Number(tidy) : null;
  };
  const money = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const show = () => {
    if (total) {
      const values = amounts.map((input) => plain(input.value)).filter((value) => value !== null);
      total.textContent = values.length ? values.reduce((sum, value) => sum + value, 0).toLocaleString("en", money) : "—";
    }
    if (left && people) {
      const number = numbers[`${form.elements.organisation.value}:${form.elements.part.value}`];
      const [control, others, part] = number ?? [0, 0, ""];
      const rest = control - others - (plain(people.value) ?? 0);
      const said = { part, n: Math.abs(rest), control };
      const text = number ? (rest >= 0 ? left.dataset.left : left.dataset.over) : left.dataset.none;
      left.textContent = text.replace(/\{(part|n|control)\}/g, (_whole, name) => said[name]);
      left.classList.toggle("c-bad", Boolean(number) && rest < 0);
    }
  };
  form.addEventListener("input", show);
  show();
}
