// Dataview's array: methods that chain, and any other property mapped over the elements.

(() => {
  const own = new Set();

  class DataArray {
    constructor(values) {
      this.values = values;
      this.length = values.length;
    }
    where(test) { return wrap(this.values.filter(test)); }
    filter(test) { return wrap(this.values.filter(test)); }
    map(change) { return wrap(this.values.map(change)); }
    flatMap(change) {
      const result = [];
      this.values.forEach((value, place) => {
        const inner = change(value, place, this.values);
        if (inner && inner.length) for (const each of inner) result.push(each);
      });
      return wrap(result);
    }
    mutate(change) {
      this.values.forEach((value, place) => { change(value, place, this.values); });
      return this;
    }
    limit(count) { return wrap(this.values.slice(0, count)); }
    slice(start, end) { return wrap(this.values.slice(start, end)); }
    concat(other) { return wrap(this.values.concat(other.values)); }
    indexOf(element, from) { return this.findIndex(each => nt.compare(each, element) === 0, from); }
    find(test) {
      const place = this.findIndex(test);
      return place < 0 ? undefined : this.values[place];
    }
    findIndex(test, from = 0) {
      for (let place = from; place < this.length; place++) if (test(this.values[place], place, this.values)) return place;
      return -1;
    }
    includes(element) { return this.indexOf(element, 0) !== -1; }
    join(separator = ", ") { return this.values.map(each => nt.toString(each)).join(separator); }
    sort(key, direction, order) {
      if (!this.values.length) return this;
      return wrap(sorted(this.values, key, direction, order));
    }
    sortInPlace(key, direction, order) {
      const values = sorted(this.values, key, direction, order);
      values.forEach((value, place) => { this.values[place] = value; });
      return this;
    }
    groupBy(key, order = nt.compare) {
      const groups = [];
      let current;
      for (const value of sorted(this.values, key, "asc", order)) {
        const name = key(value, 0, this.values);
        if (!current || order(current.key, name) !== 0) groups.push((current = { key: name, rows: [] }));
        current.rows.push(value);
      }
      for (const group of groups) group.rows = wrap(group.rows);
      return wrap(groups);
    }
    groupIn(key, order) {
      if (!nt.isGrouping(this.values)) return this.groupBy(key, order);
      return this.map(group => ({ key: group.key, rows: wrap(Array.from(group.rows)).groupIn(key, order) }));
    }
    distinct(key = value => value, order = nt.compare) {
      const keyed = this.values.map((value, place) => ({ key: key(value, place, this.values), value }));
      const result = sorted(keyed, each => each.key, "asc", order);
      return wrap(result.filter((each, place) => place === 0 || order(result[place - 1].key, each.key) !== 0).map(each => each.value));
    }
    every(test) { return this.values.every(test); }
    some(test) { return this.values.some(test); }
    none(test) { return !this.values.some(test); }
    first() { return this.values[0]; }
    last() { return this.values[this.length - 1]; }
    to(name) {
      const result = [];
      for (const each of this.values) {
        const value = each[name];
        if (value === undefined || value === null) continue;
        if (Array.isArray(value)) for (const inner of value) result.push(inner);
        else result.push(value);
      }
      return wrap(result);
    }
    into(name) { return wrap(this.values.map(each => each[name]).filter(value => value !== undefined && value !== null)); }
    expand(name) {
      const result = [], queue = [...this.values];
      while (queue.length) {
        const next = queue.pop();
        const value = next[name];
        if (value === undefined || value === null) continue;
        if (Array.isArray(value)) queue.push(...value);
        else queue.push(value);
        result.push(next);
      }
      return wrap(result);
    }
    forEach(run) { this.values.forEach((value, place) => { run(value, place, this.values); }); }
    sum() { return this.values.reduce((a, b) => a + b, 0); }
    avg() { return this.sum() / this.length; }
    min() { return Math.min(...this.values); }
    max() { return Math.max(...this.values); }
    array() { return [...this.values]; }
    toString() { return `[${this.values.join(", ")}]`; }
    toJSON() { return this.values; }
    [Symbol.iterator]() { return this.values[Symbol.iterator](); }
  }
  for (const name of Object.getOwnPropertyNames(DataArray.prototype)) own.add(name);
  for (const name of ["values", "length", "toJSON", "settings", "defaultComparator"]) own.add(name);

  const sorted = (values, key = value => value, direction = "asc", order = nt.compare) => {
    const keyed = values.map((value, place) => ({ key: key(value, place, values), value }));
    keyed.sort((a, b) => (direction === "desc" ? -order(a.key, b.key) : order(a.key, b.key)));
    return keyed.map(each => each.value);
  };

  const handler = {
    get(target, name) {
      if (typeof name === "symbol") return target[name];
      if (name === "constructor") return Array;
      if (!Number.isNaN(parseInt(name))) return target.values[parseInt(name)];
      return own.has(name) ? target[name] : target.to(name);
    },
  };
  const wrap = values => new Proxy(new DataArray(values), handler);

  // Dataview makes its arrays pass for arrays.
  const isArray = Array.isArray;
  Array.isArray = value => isArray(value) || value instanceof DataArray;

  nt.isDataArray = value => value instanceof DataArray;
  nt.dataArray = value => (nt.isDataArray(value) ? value : wrap(isArray(value) ? value : [value]));
  nt.dataArrayOf = values => wrap(values);
  nt.isGrouping = values =>
    Array.from(values).every(each => nt.typeOf(each) === "object" && Object.keys(each).length === 2 && "key" in each && "rows" in each);
})();
